/**
 * The places where apply can be made to die, for crash tests. Contract: cluster.md §15. They cost one awaited call and
 * cannot be reached in normal use: the environment is read only for `OMNIGRAPH_TEST_FAILPOINTS`.
 */
import type { Environment } from '../storage/index.js';

export const FAILPOINTS = [
  'cluster_apply.before_graph_create',
  'cluster_apply.after_graph_create',
  'cluster_apply.before_schema_apply',
  'cluster_apply.after_schema_apply',
  'cluster_apply.after_payload_phase',
  'cluster_apply.before_graph_delete',
  'cluster_apply.after_graph_delete',
  'cluster_apply.before_state_write',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

/** Called at each point. Throws `InjectedFailpoint` to fail there; whatever else it does has happened before apply goes on. */
export type FailpointHook = (point: Failpoint) => Promise<void>;

/** The `injected_failpoint` of §15, on its way to a diagnostic. */
export class InjectedFailpoint extends Error {
  override readonly name = 'InjectedFailpoint';
  readonly point: Failpoint;
  constructor(point: Failpoint) {
    super(`failpoint ${point} was reached`);
    this.point = point;
  }
}

export const FAILPOINT_VARIABLE = 'OMNIGRAPH_TEST_FAILPOINTS';

/**
 * The hook that the environment asks for: a comma-separated list of points, each alone (fail there), followed by `=kill`
 * (end the process at once, without any clean-up) or by `=hold` (stay there until a signal comes). Throws for a name
 * that is no point.
 */
export function failpointsFrom(env: Environment): FailpointHook {
  const written = env[FAILPOINT_VARIABLE];
  if (written === undefined || written.trim() === '') return async () => {};
  const armed = new Map(written.split(',').map((entry) => readEntry(entry.trim())));
  return async (point) => {
    const effect = armed.get(point);
    switch (effect) {
      case undefined:
        return;
      case 'fail':
        throw new InjectedFailpoint(point);
      case 'kill':
        // SIGKILL runs no handler, as a power cut would not; nothing after it may run.
        process.kill(process.pid, 'SIGKILL');
        return forever();
      case 'hold':
        return forever();
      default:
        effect satisfies never;
    }
  };
}

const EFFECTS = ['fail', 'kill', 'hold'] as const;

function readEntry(entry: string): readonly [Failpoint, (typeof EFFECTS)[number]] {
  const [name, written = 'fail'] = entry.split('=');
  const point = FAILPOINTS.find((known) => known === name);
  const effect = EFFECTS.find((known) => known === written);
  if (point === undefined || effect === undefined) {
    throw new Error(`${FAILPOINT_VARIABLE} names no failpoint: "${entry}"; known are ${FAILPOINTS.join(', ')}`);
  }
  return [point, effect];
}

/** A process with nothing left to do would end, so a timer keeps this one. */
const forever = (): Promise<never> =>
  new Promise(() => {
    setInterval(() => {}, 60_000);
  });
