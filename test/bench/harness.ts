/**
 * Benchmarks as rows of a table: each has a name, a unit and the samples of one measured action. With `--json` the
 * last line of standard output is `{ machine, rows: [{ name, unit, ours: { median, p95 }, theirs?, ratio? }] }`.
 */
import { arch, cpus, platform, totalmem } from 'node:os';

export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  readonly ours: Figures;
  readonly theirs?: Figures & { readonly who: string };
  /** Their median to ours: above one, ours is better. */
  readonly ratio?: number;
}

interface Figures {
  readonly median: number;
  readonly p95: number;
}

/** The same action by someone else's program, measured in the same run. */
export interface Peer {
  readonly who: string;
  readonly samples: readonly number[];
}

export class Bench {
  readonly #rows: BenchRow[] = [];

  constructor(readonly title: string) {}

  /** Times `action` `samples` times, after `warmUp` runs that do not count; milliseconds. */
  async time(
    name: string,
    action: (sample: number) => Promise<unknown>,
    { samples, warmUp }: { readonly samples: number; readonly warmUp: number },
  ): Promise<void> {
    for (let run = 0; run < warmUp; run++) await action(run);
    const durations: number[] = [];
    for (let run = 0; run < samples; run++) {
      const start = performance.now();
      await action(warmUp + run);
      durations.push(performance.now() - start);
    }
    this.record(name, 'ms', durations);
  }

  /** Adds a row from samples measured elsewhere. */
  record(name: string, unit: string, samples: readonly number[], peer?: Peer): void {
    const ours = figures(samples);
    if (peer === undefined) {
      this.#rows.push({ name, unit, ours });
      return;
    }
    const theirs = { who: peer.who, ...figures(peer.samples) };
    this.#rows.push({ name, unit, ours, theirs, ratio: theirs.median / ours.median });
  }

  /** Prints the table and, when asked for on the command line, the JSON line. */
  report(output: NodeJS.WritableStream = process.stdout, flags: readonly string[] = process.argv.slice(2)): void {
    const width = Math.max(...this.#rows.map(({ name }) => name.length));
    output.write(`${this.title}\n`);
    for (const { name, unit, ours, theirs, ratio } of this.#rows) {
      const beside =
        theirs === undefined
          ? ''
          : `  ${theirs.who} ${shown(theirs.median)}, p95 ${shown(theirs.p95)} (× ${(ratio ?? Number.NaN).toFixed(1)})`;
      output.write(
        `${name.padEnd(width)}  ${shown(ours.median).padStart(10)}  p95 ${shown(ours.p95).padStart(10)}  ${unit}${beside}\n`,
      );
    }
    if (flags.includes('--json')) output.write(`${JSON.stringify({ machine: machine(), rows: this.#rows })}\n`);
  }
}

/** Highest resident set of this process so far, in MiB. */
export const peakMemory = (): number => process.resourceUsage().maxRSS / 1024;

function figures(samples: readonly number[]): Figures {
  const sorted = samples.toSorted((left, right) => left - right);
  return { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

const shown = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(3));

const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory_mib: Math.round(totalmem() / 2 ** 20),
  platform: `${platform()} ${arch()}`,
  node: process.version,
});
