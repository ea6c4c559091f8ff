/**
 * VS Code in a browser, as a person uses it: explorer, editor, palette, panels. Each step waits for what it caused.
 * A picture of every station is kept, for eyes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Frame, type Locator, type Page } from 'playwright-core';
import type { InstalledVsCode } from './install-vscode.js';

export interface WorkbenchOptions {
  readonly vscode: InstalledVsCode;
  readonly vsix: string;
  /** Copied; the copy is what is opened. Several, by name, become the folders of one workspace. */
  readonly cluster: string | Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether VS Code asks before it trusts a folder; without, it trusts all. */
  readonly asksForTrust?: boolean;
  /** Where pictures go. */
  readonly pictures: string;
}

export class Workbench {
  private constructor(
    readonly page: Page,
    /** The copy of the cluster, or the folder that holds those of several. */
    readonly folder: string,
    private readonly home: string,
    private readonly server: ChildProcess,
    private readonly browser: Browser,
    private readonly pictures: string,
  ) {}

  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const { vscode, vsix, cluster, settings, asksForTrust = false, pictures } = options;
    const home = await mkdtemp(join(tmpdir(), 'omnigraph-vscode-'));
    const folder = join(home, 'cluster');
    const opened = await copyClusters(cluster, folder);
    await mkdir(pictures, { recursive: true });
    await writeSettings(home, settings);
    const dirs = ['--user-data-dir', join(home, 'user'), '--extensions-dir', join(home, 'extensions')];
    await finished(
      spawn(process.execPath, [vscode.entry, ...dirs, '--install-extension', vsix], { env: environment(home) }),
    );
    const port = await freePort();
    const server = spawn(
      process.execPath,
      [vscode.entry, '--bind-addr', `127.0.0.1:${port}`, ...serverFlags(asksForTrust), ...dirs, opened],
      { env: environment(home), stdio: 'ignore' },
    );
    const url = `http://127.0.0.1:${port}/`;
    await answering(url);
    const browser = await chromium.launch({ executablePath: vscode.chromium, args: CHROMIUM_FLAGS });
    const page = await browser.newPage({ viewport: { width: 1500, height: 950 } });
    await page.goto(url);
    await page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: 60_000 });
    return new Workbench(page, folder, home, server, browser, pictures);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.kill('SIGTERM');
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  picture(name: string): Promise<Buffer> {
    return this.page.screenshot({ path: join(this.pictures, `${name}.png`) });
  }

  /** Opens a file from the explorer; folders on the way are unfolded. */
  async openFile(...path: readonly string[]): Promise<void> {
    await this.page.keyboard.press('Control+Shift+KeyE');
    for (const [depth, name] of path.entries()) {
      const row = this.explorerRow(name);
      await row.waitFor();
      if (depth < path.length - 1) {
        if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
      } else {
        await row.dblclick();
      }
    }
    const name = path.at(-1) ?? '';
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.lines.first().waitFor();
  }

  /** Opens a file by its path, without the explorer. */
  async goToFile(...path: readonly string[]): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input');
    await input.waitFor();
    await input.fill(join(this.folder, ...path));
    await this.quickPick(path.at(-1) ?? '').waitFor();
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
    await this.page.locator(`.tab.active[data-resource-name="${path.at(-1) ?? ''}"]`).waitFor();
    await this.lines.first().waitFor();
  }

  quickPick(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item').filter({ hasText: text }).first();
  }

  /** Of the user, from now on. */
  changeSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    return writeSettings(this.home, settings);
  }

  private explorerRow(name: string): Locator {
    return this.page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ has: this.page.getByText(name, { exact: true }) });
  }

  get lines(): Locator {
    return this.page.locator('.editor-group-container.active .view-lines .view-line');
  }

  /** Puts the cursor at a line and column, both counted from one. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+KeyG');
    const input = this.page.locator('.quick-input-widget input');
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** Types as a person does: VS Code drops keys that come at machine speed into a suggest widget. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 25 });
  }

  /** Runs a command from the palette by its whole title. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input');
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row').first().getByText(title).first().waitFor();
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** F2 on a name. */
  async rename(line: number, column: number, newName: string): Promise<void> {
    await this.goTo(line, column);
    await this.page.keyboard.press('F2');
    const input = this.page.locator('.rename-box input');
    await input.waitFor();
    await input.fill(newName);
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  write(text: string, ...path: readonly string[]): Promise<void> {
    return writeFile(join(this.folder, ...path), text);
  }

  remove(...path: readonly string[]): Promise<void> {
    return rm(join(this.folder, ...path));
  }

  get lenses(): Locator {
    return this.page.locator('.codelens-decoration');
  }

  lens(text: string | RegExp): Locator {
    return this.lenses.filter({ hasText: text });
  }

  get errorSquiggles(): Locator {
    return this.page.locator('.editor-group-container.active .squiggly-error');
  }

  get statusBar(): Locator {
    return this.page.locator('.statusbar');
  }

  dialogButton(name: string): Locator {
    return this.page.locator('.monaco-dialog-box').getByRole('button', { name, exact: true });
  }

  /** The page inside a webview, by text that it shows. */
  async webview(text: string | RegExp): Promise<Frame> {
    const deadline = Date.now() + 30_000;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        const found = await frame
          .locator('#root')
          .getByText(text)
          .count()
          .catch(() => 0);
        if (found > 0) return frame;
      }
      await this.page.waitForTimeout(200);
    }
    throw new Error(`no panel shows ${String(text)}`);
  }

  read(...path: readonly string[]): Promise<string> {
    return readFile(join(this.folder, ...path), 'utf8');
  }

  /** Lines of the extension host's and our own logs that report an error. */
  async loggedErrors(): Promise<readonly string[]> {
    const logs = join(this.home, 'user', 'logs');
    const files = (await readdir(logs, { recursive: true })).filter((name) =>
      /(remoteexthost|exthost|Omnigraph)[^/]*\.log$/.test(name),
    );
    const texts = await Promise.all(
      files.map(async (name) =>
        (await readFile(join(logs, name), 'utf8')).split('\n').map((line) => `${name}: ${line}`),
      ),
    );
    return texts.flat().filter((line) => /\[error\]/.test(line) && !NOT_OURS.test(line));
  }

  /** Milliseconds that activation of our extension took, as the extension host logged or measured it. */
  async activationTime(): Promise<number> {
    await this.command('Developer: Show Running Extensions');
    const row = this.page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: 'Omnigraph' });
    await row.first().waitFor();
    const text = await row.first().locator('.activation-time').textContent();
    const milliseconds = /(\d+)\s*ms/.exec(text ?? '')?.[1];
    if (milliseconds === undefined) throw new Error(`no activation time in '${text}'`);
    return Number(milliseconds);
  }
}

/** Built-in extensions and a network that is not there. */
const NOT_OURS = /vscode\.(git|github|emmet|typescript)|ENOTFOUND|ECONNREFUSED|marketplace|open-vsx|telemetry/i;

const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'window.commandCenter': false,
  'chat.commandCenter.enabled': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'editor.minimap.enabled': false,
  'workbench.enableExperiments': false,
  'files.autoSave': 'off',
  'remote.autoForwardPorts': false,
  'window.confirmBeforeClose': 'never',
};

/** Settings of an extension may be of the machine that it runs on, and count only when they are set there. */
async function writeSettings(home: string, settings: Readonly<Record<string, unknown>>): Promise<void> {
  const all = Object.entries({ ...QUIET, ...settings });
  const ofMachine = all.filter(([key]) => key.startsWith('omnigraph.'));
  const ofUser = all.filter(([key]) => !key.startsWith('omnigraph.'));
  for (const [folder, chosen] of [['Machine', ofMachine] as const, ['User', ofUser] as const]) {
    await mkdir(join(home, 'user', folder), { recursive: true });
    await writeFile(join(home, 'user', folder, 'settings.json'), JSON.stringify(Object.fromEntries(chosen), null, 2));
  }
}

/** Copies below `folder`; returns what VS Code is to open. */
async function copyClusters(cluster: WorkbenchOptions['cluster'], folder: string): Promise<string> {
  if (typeof cluster === 'string') {
    await cp(cluster, folder, { recursive: true });
    return folder;
  }
  for (const [name, from] of Object.entries(cluster)) await cp(from, join(folder, name), { recursive: true });
  const workspace = join(folder, 'clusters.code-workspace');
  await writeFile(workspace, JSON.stringify({ folders: Object.keys(cluster).map((path) => ({ path })) }));
  return workspace;
}

const serverFlags = (asksForTrust: boolean): readonly string[] => [
  ...['--auth', 'none', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
  ...(asksForTrust ? [] : ['--disable-workspace-trust']),
];

const CHROMIUM_FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

const environment = (home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_DATA_HOME: join(home, 'data'),
});

const finished = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(said))));
  });

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const up = await fetch(url).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`nothing answers at ${url}`);
}
