/**
 * The command line as a user runs it: bundled by `cli/build.mjs` and started as a process. A bundle is made once per
 * state of the sources and kept under `node_modules/.cache`, from where its external packages still resolve.
 */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = path.join(ROOT, 'node_modules', '.cache', 'omnigraph');

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  /** Added to an environment without any OMNIGRAPH_ variable, whose operator home is an empty folder below `cwd`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** Runs `omnigraph` with these arguments. Stdin is never a terminal. */
export function omnigraph(args: readonly string[], options: CliOptions): Promise<CliResult> {
  const env = environmentOf(options);
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [launcher(), ...args],
      { cwd: options.cwd, env, maxBuffer: 1 << 28, encoding: 'utf8' },
      (problem, stdout, stderr) => {
        const code = problem === null ? 0 : problem.code;
        if (typeof code === 'number') resolve({ code, stdout, stderr });
        else reject(problem ?? new Error('the command line ended without an exit code'));
      },
    );
    child.stdin?.end(options.stdin ?? '');
  });
}

/** The environment such a run sees. */
export function environmentOf({ cwd, env }: CliOptions): Readonly<Record<string, string | undefined>> {
  const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('OMNIGRAPH_'));
  return { ...Object.fromEntries(clean), OMNIGRAPH_HOME: path.join(cwd, '.operator'), ...env };
}

/** Path of the launcher of a bundle that matches the sources. */
export function launcher(): string {
  const home = path.join(CACHE, `cli-${sourceKey()}`);
  const bin = path.join(home, 'bin', 'omnigraph');
  if (!existsSync(bin)) build(home);
  return bin;
}

const HOUR_MS = 3_600_000;

/** Bundles of sources that have long changed. Younger ones may belong to a run that is still going on. */
function pruneOldBundles(): void {
  for (const name of existsSync(CACHE) ? readdirSync(CACHE) : []) {
    const bundle = path.join(CACHE, name);
    const age = Date.now() - (statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (name.startsWith('cli-') && age > HOUR_MS) {
      rmSync(bundle, { recursive: true, force: true });
    }
  }
}

function build(home: string): void {
  pruneOldBundles();
  const draft = `${home}.${process.pid}`;
  for (const file of ['package.json', 'bin/omnigraph']) {
    mkdirSync(path.dirname(path.join(draft, file)), { recursive: true });
    copyFileSync(path.join(ROOT, 'cli', file), path.join(draft, file));
  }
  execFileSync(process.execPath, [path.join(ROOT, 'cli', 'build.mjs'), path.join(draft, 'dist')], { stdio: 'pipe' });
  try {
    renameSync(draft, home);
  } catch (problem) {
    // Another test file finished the same bundle first.
    if (!existsSync(home)) throw problem;
    rmSync(draft, { recursive: true, force: true });
  }
}

let key: string | undefined;

function sourceKey(): string {
  if (key !== undefined) return key;
  const hash = createHash('sha256');
  for (const folder of ['cli/src', 'cli/bin', 'server/src', 'language/src']) {
    for (const entry of readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      hash.update(`${file} ${statSync(file).mtimeMs}\n`);
    }
  }
  hash.update(String(statSync(path.join(ROOT, 'cli', 'build.mjs')).mtimeMs));
  key = hash.digest('hex').slice(0, 16);
  return key;
}
