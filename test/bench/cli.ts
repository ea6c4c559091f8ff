/** What a person waits for at the prompt: whole processes, on the example cluster, beside an empty Node process. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bench } from './harness.js';

const ROOT = process.cwd();
const BIN = join(ROOT, 'cli', 'bin', 'omnigraph');
const RUNS = 20;

const folder = mkdtempSync(join(tmpdir(), 'omnigraph-bench-'));
const bench = new Bench('The command line, one process each');

try {
  cpSync(join(ROOT, 'cli', 'demo', 'operations'), folder, { recursive: true });
  const { empty, help } = timedInTurn();
  timed('omnigraph cluster plan --help', [BIN, 'cluster', 'plan', '--help']);
  timed('cluster validate', [BIN, 'cluster', 'validate']);
  run([BIN, 'cluster', 'import']);
  timed('cluster plan, nothing applied', [BIN, 'cluster', 'plan']);
  run([BIN, 'cluster', 'apply']);
  timed('cluster plan, no changes', [BIN, 'cluster', 'plan']);
  timed('cluster apply, no changes', [BIN, 'cluster', 'apply']);
  timed('cluster status', [BIN, 'cluster', 'status']);
  run([BIN, 'load', 'graphs/operations.omni', '--data', 'seed.jsonl', '--mode', 'append']);
  timed('query', [
    BIN,
    'query',
    'open_incidents',
    '--query',
    'queries/incidents.gq',
    '--store',
    'graphs/operations.omni',
  ]);
  bench.record('--help beside node -e 0', 'times', [median(help) / median(empty)]);
  bench.report();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** In turn, so that whatever else the machine does weighs on both alike: their ratio is what counts. */
function timedInTurn(): { readonly empty: readonly number[]; readonly help: readonly number[] } {
  const [empty, help]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < RUNS; turn += 1) {
    empty.push(milliseconds(['-e', '0']));
    help.push(milliseconds([BIN, '--help']));
  }
  bench.record('node -e 0', 'ms', empty);
  bench.record('omnigraph --help', 'ms', help);
  return { empty, help };
}

function timed(name: string, args: readonly string[]): void {
  run(args);
  const samples = Array.from({ length: RUNS }, () => milliseconds(args));
  bench.record(name, 'ms', samples);
}

function milliseconds(args: readonly string[]): number {
  const start = performance.now();
  run(args);
  return performance.now() - start;
}

function run(args: readonly string[]): void {
  execFileSync(process.execPath, args, { cwd: folder, stdio: 'pipe' });
}

function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((left, right) => left - right);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
