/**
 * A real VS Code for tests: code-server from the npm registry, put together in a cache folder of its own. Its published
 * package wants a compiler and an unprivileged user to install itself, so its steps are taken one by one here.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** VS Code 1.100; newer ones want a newer Node. */
const CODE_SERVER = '4.100.3';

export interface InstalledVsCode {
  /** The script that `node` runs. */
  readonly entry: string;
  readonly chromium: string;
}

/** The folder that downloads of tests are kept in between runs. */
export const cacheFolder = (): string =>
  process.env.OMNIGRAPH_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'omnigraph-tests');

/** Installs what is missing: minutes the first time, milliseconds afterwards. Needs Debian and root for `apt-get`. */
export async function installVsCode(): Promise<InstalledVsCode> {
  const [chromium, ripgrep] = [await program('chromium'), await program('rg', 'ripgrep')];
  const root = join(cacheFolder(), `code-server-${CODE_SERVER}`);
  const server = join(root, 'node_modules', 'code-server');
  const done = join(root, 'installed');
  if (!existsSync(done)) {
    await rm(root, { recursive: true, force: true });
    await assemble(root, server, ripgrep);
    await writeFile(done, '');
  }
  return { entry: join(server, 'out', 'node', 'entry.js'), chromium };
}

async function assemble(root: string, server: string, ripgrep: string): Promise<void> {
  const vscode = join(server, 'lib', 'vscode');
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'package.json'), '{ "private": true }\n');
  await npm(root, 'install', `code-server@${CODE_SERVER}`, '--ignore-scripts', '--no-audit', '--no-fund');
  for (const folder of [vscode, join(vscode, 'extensions')]) {
    await npm(folder, 'install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund');
  }
  await link('node_modules', join(vscode, 'node_modules.asar'));
  await link('code-linux.sh', join(vscode, 'bin', 'remote-cli', 'code-server'));
  await link('browser-linux.sh', join(vscode, 'bin', 'helpers', 'browser.sh'));
  await link(ripgrep, join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin', 'rg'));
  await npm(root, 'rebuild', 'argon2');
  for (const name of ['@vscode/spdlog', 'native-watchdog', '@parcel/watcher']) await npm(vscode, 'rebuild', name);
  await rebuildTerminals(vscode);
}

/** Its build ends with a failing step of another platform, after the module is made. */
async function rebuildTerminals(vscode: string): Promise<void> {
  const built = join(vscode, 'node_modules', 'node-pty', 'build', 'Release', 'pty.node');
  try {
    await npm(vscode, 'rebuild', 'node-pty');
  } catch (error) {
    if (!existsSync(built)) throw error;
  }
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await symlink(target, path);
  if (existsSync(path)) await chmod(path, 0o755);
}

/** The path of a program of Debian's, installed if need be. */
async function program(name: string, debianPackage = name): Promise<string> {
  const found = await which(name);
  if (found !== undefined) return found;
  await run('apt-get', ['update'], '/');
  await run('apt-get', ['install', '-y', '--no-install-recommends', debianPackage], '/');
  const installed = await which(name);
  if (installed === undefined) throw new Error(`${debianPackage} is installed, yet there is no ${name} on the PATH`);
  return installed;
}

async function which(name: string): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const npm = (folder: string, ...args: readonly string[]): Promise<void> => run('npm', args, folder);

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const env = {
    ...process.env,
    npm_config_nodedir: dirname(dirname(process.execPath)),
    DEBIAN_FRONTEND: 'noninteractive',
  };
  await promisify(execFile)(command, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 });
}
