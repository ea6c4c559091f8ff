/**
 * What a user waits for before a command does anything: starting, help, and the cluster commands that need no native
 * engine, each as a whole process beside `node -e 0`. Runs alternate, so a busy moment of the machine hits both.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launcher } from '../support/built-cli.js';
import { Bench } from './harness.js';

const SAMPLES = 20;
const WARM_UP = 2;
const EXAMPLE = fileURLToPath(new URL('../../cli/demo/operations', import.meta.url));

const omnigraph = launcher();
const cwd = await mkdtemp(path.join(tmpdir(), 'omnigraph-bench-'));
const env = { ...process.env, OMNIGRAPH_HOME: path.join(cwd, '.operator') };

/** Wall time of one process, in milliseconds. */
function wallTime(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} exited with ${status}: ${stderr}`);
  return performance.now() - start;
}

try {
  await cp(EXAMPLE, cwd, { recursive: true });
  for (const step of ['import', 'apply']) wallTime([omnigraph, 'cluster', step]);
  const bench = new Bench(`Starting the command line, ${SAMPLES} processes each`);
  const node: number[] = [];
  for (const command of ['--help', 'version', 'cluster status', 'cluster validate', 'cluster plan']) {
    const ours: number[] = [];
    const ratios: number[] = [];
    for (let run = 0; run < WARM_UP + SAMPLES; run++) {
      const floor = wallTime(['-e', '0']);
      const time = wallTime([omnigraph, ...command.split(' ')]);
      if (run < WARM_UP) continue;
      node.push(floor);
      ours.push(time);
      ratios.push(time / floor);
    }
    bench.record(`omnigraph ${command}`, 'ms', ours);
    bench.record(`omnigraph ${command}, against node -e 0`, 'x', ratios);
  }
  bench.record('node -e 0', 'ms', node);
  bench.report();
} finally {
  await rm(cwd, { recursive: true, force: true });
}
