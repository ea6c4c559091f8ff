/**
 * The packed extension where things are not plain: two clusters in one workspace, gates, drift, locks, a server with a
 * token, a program that is not there, and a folder that nobody trusts. In the order of one long day; pictures of every
 * station are kept in the cache folder (`vscode-pictures`).
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launcher } from '../../support/built-cli.js';
import { CORPUS } from '../../support/corpus.js';
import { type ServerProcess, startServerProcess } from '../../support/server-process.js';
import { cacheFolder, installVsCode } from './install-vscode.js';
import { Workbench } from './workbench.js';

const VSIX = fileURLToPath(new URL('../../../extension/dist/omnigraph.vsix', import.meta.url));
const OPERATIONS = fileURLToPath(new URL('../../../cli/demo/operations', import.meta.url));
const INDUSTRY = join(CORPUS, 'industry-intel');
const PICTURES = join(cacheFolder(), 'vscode-pictures');
const TOKEN = 'a-token-of-lin';

describe('two clusters in one workspace', () => {
  let workbench: Workbench;
  let served: ServerProcess | undefined;
  const cli = launcher();
  const settings = { 'omnigraph.cli.path': cli, 'omnigraph.actor': 'act-lin' };
  const operations = (...path: readonly string[]): string => join(workbench.folder, 'operations', ...path);
  const omnigraph = (...args: readonly string[]): Promise<{ readonly stdout: string }> =>
    promisify(execFile)(process.execPath, [cli, ...args], { cwd: operations() });
  const tree = (): ReturnType<Workbench['page']['locator']> =>
    workbench.page.locator('.pane-body .monaco-list').filter({ hasText: 'spike-intel' });

  beforeAll(async () => {
    if (!existsSync(VSIX)) throw new Error('pack the extension first: node extension/package.mjs');
    workbench = await Workbench.open({
      vscode: await installVsCode(),
      vsix: VSIX,
      cluster: { industry: INDUSTRY, operations: OPERATIONS },
      settings: { ...settings, 'workbench.colorTheme': 'Default Dark Modern' },
      pictures: PICTURES,
    });
    const declared = await workbench.read('operations', 'cluster.yaml');
    await workbench.write(declared.replace('policies:', `${ARCHIVE}policies:`), 'operations', 'cluster.yaml');
  });

  afterAll(async () => {
    served?.child.kill('SIGTERM');
    await workbench?.close();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.picture(`failed-${task.name.replaceAll(/\W+/g, '-')}`);
  });

  test('each has its plan lens and its state in the status bar', async () => {
    await workbench.goToFile('industry', 'cluster.yaml');
    await workbench.lens(/^Plan: 77 to create · nothing applied yet/).waitFor();
    await workbench.statusBar.getByText('spike-intel: 77 pending').waitFor();
    await workbench.goToFile('operations', 'cluster.yaml');
    await workbench.lens(/^Plan: 18 to create · nothing applied yet/).waitFor();
    await workbench.statusBar.getByText('operations: 18 pending').waitFor();
    await workbench.picture('20-two-clusters');
  });

  test('each has its entry in the cluster view', async () => {
    await workbench.command('View: Show Omnigraph');
    await tree().getByText('spike-intel', { exact: true }).waitFor();
    await tree().getByText('18 to create').first().waitFor();
    await tree().getByText('77 to create').first().waitFor();
    await workbench.picture('21-two-clusters-view');
  });

  test('a query is checked against the schema of its own cluster', async () => {
    await workbench.write(OF_SERVICES, 'industry', 'queries', 'stray.gq');
    await workbench.goToFile('industry', 'queries', 'stray.gq');
    await workbench.errorSquiggles.first().waitFor();
    await workbench.write(OF_SERVICES, 'operations', 'queries', 'native.gq');
    await workbench.goToFile('operations', 'queries', 'native.gq');
    await workbench
      .lens(/Run query/)
      .first()
      .waitFor();
    expect(await workbench.errorSquiggles.count()).toBe(0);
    await workbench.picture('22-own-schema');
    await workbench.remove('industry', 'queries', 'stray.gq');
    await workbench.remove('operations', 'queries', 'native.gq');
    await workbench.command('View: Close All Editors');
  });

  test('Validate says so in the status bar', async () => {
    await workbench.goToFile('operations', 'cluster.yaml');
    await workbench.command('Omnigraph: Validate Cluster');
    await workbench.statusBar.getByText(/The configuration is valid/).waitFor();
  });

  test('Apply changes the cluster of the open file alone, and leaves no notification behind', async () => {
    await workbench.command('Omnigraph: Apply…');
    await workbench.dialogButton('Apply').click();
    await workbench.statusBar.getByText(/Applied 18 changes/).waitFor({ timeout: 50_000 });
    await workbench.command('View: Close All Editors');
    await workbench.goToFile('operations', 'cluster.yaml');
    await workbench.lens(/^Plan: no changes/).waitFor();
    await workbench.statusBar.getByText('operations: converged').waitFor();
    expect(await workbench.page.locator('.notification-toast').count()).toBe(0);
    await workbench.goToFile('industry', 'cluster.yaml');
    await workbench.lens(/^Plan: 77 to create/).waitFor();
    await workbench.picture('23-one-applied');
    await workbench.command('View: Close All Editors');
  });

  test('Plan prints what the command line would', async () => {
    await workbench.goToFile('operations', 'cluster.yaml');
    await workbench.command('Omnigraph: Plan (as Saved, Under the Lock)');
    await workbench.page.locator('.panel .view-line').filter({ hasText: 'omnigraph cluster plan' }).first().waitFor();
    await workbench.picture('24-plan-output');
    await workbench.command('View: Hide Panel');
  });

  test('a graph that is taken out waits for an approval', async () => {
    const declared = await workbench.read('operations', 'cluster.yaml');
    await workbench.write(declared.replace(ARCHIVE, ''), 'operations', 'cluster.yaml');
    await workbench.lens(/^Plan: .*blocked/).waitFor();
    await workbench.command('Omnigraph: Show Plan');
    const panel = await workbench.webview('Approvals');
    await panel.getByText('missing', { exact: true }).first().waitFor();
    await workbench.picture('25-blocked-dark');
    await workbench.command('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.locator('.monaco-workbench.vs').waitFor();
    await workbench.picture('26-blocked-light');
    await workbench.command('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
    await workbench.command('View: Close All Editors');
  });

  test('Approve, then Apply, removes it', async () => {
    await workbench.goToFile('operations', 'cluster.yaml');
    await workbench.command('Omnigraph: Approve a Gated Change…');
    await workbench.quickPick('graph.archive').waitFor();
    await workbench.picture('27-approve-which');
    await workbench.page.keyboard.press('Enter');
    await workbench.dialogButton('Approve').click();
    await workbench.statusBar.getByText(/graph\.archive is approved/).waitFor();
    await workbench.lens(/^Plan: .*to delete/).waitFor();
    await workbench.command('Omnigraph: Apply…');
    await workbench.dialogButton('Apply').click();
    await workbench.statusBar.getByText('operations: converged').waitFor({ timeout: 50_000 });
    expect(existsSync(operations('graphs', 'archive.omni'))).toBe(false);
    await workbench.command('View: Close All Editors');
  });

  test('a lock names its holder, in the lens and when Plan meets it', async () => {
    await workbench.write(LOCK, 'operations', '__cluster', 'lock.json');
    await workbench.goToFile('operations', 'cluster.yaml');
    await workbench.command('Omnigraph: Refresh Cluster View');
    await workbench.lens(/locked by apply \(pid 4711\)/).waitFor();
    await workbench.picture('28-locked');
    await workbench.command('Omnigraph: Plan (as Saved, Under the Lock)');
    await workbench.notification(/cluster apply holds the lock 01JZLOCK/).waitFor();
    await workbench.picture('29-plan-meets-lock');
    await workbench.command('Notifications: Clear All Notifications');
  });

  test('Force Unlock says whose lock it is, asks, and removes it', async () => {
    await workbench.command('Omnigraph: Force Unlock…');
    await workbench.page
      .locator('.monaco-dialog-box')
      .getByText(/01JZLOCK.*pid 4711/)
      .waitFor();
    await workbench.picture('30-force-unlock');
    await workbench.dialogButton('Remove Lock').click();
    await workbench.statusBar.getByText('The lock is removed').waitFor();
    await workbench.lens(/^Plan: no changes · revision \d+ · lock free/).waitFor();
    expect(existsSync(operations('__cluster', 'lock.json'))).toBe(false);
    await workbench.command('View: Close All Editors');
  });

  test('a query runs on a server of the settings, with a token that is asked for once', async () => {
    await omnigraph(
      'load',
      '--data',
      'seed.jsonl',
      '--mode',
      'merge',
      '--store',
      'graphs/operations.omni',
      '--as',
      'act-lin',
    );
    served = startServerProcess(['--cluster', operations(), '--bind', '127.0.0.1:0'], {
      OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: JSON.stringify({ 'act-lin': TOKEN }),
    });
    const url = `http://${await served.address}`;
    await workbench.changeSettings({ ...settings, 'omnigraph.server.url': url });
    await workbench.goToFile('operations', 'queries', 'services.gq');
    await workbench.goTo(...(await placeOf(operations('queries', 'services.gq'), 'query services_per_tier')));
    await workbench.command('Omnigraph: Run Query…');
    const panel = await workbench.webview(/\d+ rows?/);
    await panel.getByTitle('Run against something else').click();
    await workbench.quickPick(`operations at ${url}`).click();
    const input = workbench.page.locator('.quick-input-widget input[type=password]');
    await input.fill('not-the-token');
    await workbench.page.keyboard.press('Enter');
    await expect.poll(() => input.inputValue()).toBe('');
    await workbench.picture('31-token');
    await input.fill(TOKEN);
    await workbench.page.keyboard.press('Enter');
    await panel.getByText(`operations at ${url}`).waitFor();
    await panel.getByRole('cell', { name: 'critical' }).waitFor();
    await workbench.picture('32-on-a-server-with-token');
    await panel.getByRole('button', { name: 'Run', exact: true }).click();
    await panel.getByRole('cell', { name: 'critical' }).waitFor();
    expect(await input.isVisible()).toBe(false);
    served.child.kill('SIGTERM');
    await served.exitCode;
    await panel.getByRole('button', { name: 'Run', exact: true }).click();
    await panel.getByText(/cannot be reached/).waitFor();
    await workbench.picture('33-server-gone');
    await workbench.changeSettings(settings);
    await workbench.command('View: Close All Editors');
  });

  test('what changed behind the ledger is drift after a Refresh', async () => {
    const [schema, root] = [await workbench.read('operations', 'operations.pg'), 'graphs/operations.omni'];
    await workbench.write(schema.replace('language: String?', 'language: String?\n  motto: String?'), 'other.pg');
    // The root itself would refuse: it belongs to the cluster.
    await cp(operations(root), join(workbench.folder, 'other.omni'), { recursive: true });
    await omnigraph('schema', 'apply', '--schema', '../other.pg', '--store', '../other.omni', '--as', 'act-lin');
    await cp(join(workbench.folder, 'other.omni'), operations(root), { recursive: true });
    await workbench.goToFile('operations', 'cluster.yaml');
    await workbench.command('Omnigraph: Refresh Ledger From Live Graphs');
    await workbench.statusBar.getByText('operations: 2 drifted').waitFor();
    await workbench.lens(/^Plan: 1 to update/).waitFor();
    await workbench.command('View: Show Omnigraph');
    await tree()
      .getByText(/drifted/)
      .first()
      .waitFor();
    await workbench.picture('34-drift');
    await workbench.command('View: Close All Editors');
  });

  test('policy tests pass and fail one by one', async () => {
    await workbench.write(CASES, 'operations', 'operations.policy.tests.yaml');
    await workbench.goToFile('operations', 'operations.policy.tests.yaml');
    await workbench.command('Test: Run All Tests');
    const glyph = (name: string) => workbench.page.locator(`.glyph-margin-widgets .codicon-testing-${name}-icon`);
    await glyph('passed').first().waitFor();
    await glyph('failed').first().waitFor();
    await workbench.picture('35-policy-tests');
    await workbench.command('View: Close All Editors');
    await workbench.remove('operations', 'operations.policy.tests.yaml');
  });

  test('a program that is not there: said, with a way to the setting', async () => {
    await workbench.changeSettings({ ...settings, 'omnigraph.cli.path': '/nowhere/omnigraph' });
    await workbench.goToFile('operations', 'cluster.yaml');
    await workbench.command('Omnigraph: Validate Cluster');
    await workbench.lens(/^Plan: 1 to update/).waitFor();
    const said = workbench.notification(/\/nowhere\/omnigraph.* was not found/);
    await said.waitFor();
    await workbench.picture('36-program-missing');
    await said.getByText('Open Settings').click();
    await workbench.page.locator('.settings-editor').getByText('Path', { exact: true }).first().waitFor();
    await workbench.picture('37-its-setting');
    await workbench.changeSettings(settings);
    await workbench.command('View: Close All Editors');
  });

  test('nothing went wrong in the extension host', async () => {
    expect(await workbench.loggedErrors()).toEqual([]);
  });
});

describe('a folder that is not trusted', () => {
  let workbench: Workbench;
  let programs: string;

  beforeAll(async () => {
    programs = await mkdtemp(join(tmpdir(), 'omnigraph-programs-'));
    const program = join(programs, 'omnigraph');
    await writeFile(program, `#!/bin/sh\ntouch '${join(programs, 'ran')}'\n`);
    await chmod(program, 0o755);
    workbench = await Workbench.open({
      vscode: await installVsCode(),
      vsix: VSIX,
      cluster: OPERATIONS,
      asksForTrust: true,
      settings: {
        'omnigraph.cli.path': program,
        'security.workspace.trust.startupPrompt': 'never',
        'security.workspace.trust.banner': 'never',
      },
      pictures: PICTURES,
    });
  });

  afterAll(async () => {
    await workbench?.close();
    await rm(programs, { recursive: true, force: true });
  });

  test('mistakes are shown', async () => {
    await workbench.openFile('queries', 'people.gq');
    await workbench.statusBar.getByText('Restricted Mode').waitFor();
    await workbench.goTo(3, 16);
    await workbench.type('x');
    await workbench.errorSquiggles.first().waitFor();
    await workbench.picture('40-restricted');
    await workbench.command('File: Revert File');
    await workbench.errorSquiggles.first().waitFor({ state: 'detached' });
  });

  test('completion works', async () => {
    await workbench.goTo(6, 12);
    await workbench.type(' $p.');
    await workbench.page.locator('.suggest-widget.visible').getByText('on_call', { exact: true }).first().waitFor();
    await workbench.picture('41-restricted-completion');
    await workbench.page.keyboard.press('Escape');
    await workbench.command('File: Revert File');
  });

  test('the palette offers no command that runs a program', async () => {
    await workbench.page.keyboard.press('F1');
    await workbench.page.locator('.quick-input-widget input').fill('>Omnigraph: ');
    await workbench.quickPick('Omnigraph: Show Output').waitFor();
    const offered = await workbench.page.locator('.quick-input-list .monaco-list-row').allTextContents();
    expect(
      offered.filter((title) => /Validate|Apply|Approve|Unlock|Refresh Ledger|Local Server|Under the Lock/.test(title)),
    ).toEqual([]);
    await workbench.picture('42-restricted-palette');
    await workbench.page.keyboard.press('Escape');
  });

  test('no plan is made, and a query says that trust comes first', async () => {
    await workbench.goTo(...(await placeOf(join(workbench.folder, 'queries', 'people.gq'), 'query owners_of')));
    await workbench.command('Omnigraph: Run Query…');
    const panel = await workbench.webview('$slug');
    await panel.locator('input[name=slug]').fill('gateway');
    await panel.getByRole('button', { name: 'Run', exact: true }).click();
    await panel.getByText(/Trust this workspace first/).waitFor();
    await workbench.picture('43-restricted-query');
    await workbench.command('View: Close All Editors');
    await workbench.openFile('cluster.yaml');
    expect(await workbench.lens(/^Plan:/).count()).toBe(0);
    await workbench.picture('44-restricted-cluster');
  });

  test('no program ran, and nothing went wrong in the extension host', async () => {
    await expect(stat(join(programs, 'ran'))).rejects.toThrow('ENOENT');
    expect(await workbench.loggedErrors()).toEqual([]);
  });
});

/** Line and column of a text in a file, counted from one, just behind its first character. */
async function placeOf(path: string, text: string): Promise<readonly [line: number, column: number]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  const line = lines.findIndex((each) => each.includes(text));
  if (line === -1) throw new Error(`${path} has no '${text}'`);
  return [line + 1, (lines[line] ?? '').indexOf(text) + 2];
}

const ARCHIVE = '  archive:\n    schema: operations.pg\n';

const OF_SERVICES = `query all_services() {
  match { $s: Service }
  return { $s.slug }
}
`;

const LOCK = `${JSON.stringify({
  version: 1,
  lock_id: '01JZLOCK',
  operation: 'apply',
  created_at: '2026-02-03T04:05:06Z',
  pid: 4711,
})}\n`;

const CASES = `version: 1
cases:
  - { id: team-reads, actor: act-ada, action: read, branch: main, expect: allow }
  - { id: team-writes, actor: act-ada, action: change, branch: main, expect: allow }
`;
