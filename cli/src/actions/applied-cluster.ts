/** The applied state that `queries` and `policy` look at (cli.md §5.4): the full serving snapshot of a cluster. */
import { readServingState, renderBootDiagnostic, type ServingGraph, type ServingState } from 'omnigraph-server/control';
import { Failure } from '../failure.js';
import type { OperatorConfig } from '../operator/config.js';
import { clusterLocation } from '../scope/cluster-storage.js';
import { bindingOf, findProfile, profileName } from '../scope/resolve.js';
import type { Invocation } from '../shell.js';
import { operatorConfig } from './operator.js';

export interface AppliedCluster {
  /** As the user named it. */
  readonly location: string;
  /** `--graph`, or the profile's default. */
  readonly graph: string | undefined;
  readonly state: ServingState;
}

/** Reads the cluster of `--cluster` or of a profile. Throws `Failure` when none is named or it is not servable. */
export async function appliedCluster(invocation: Invocation): Promise<AppliedCluster> {
  const { terminal } = invocation;
  const config = await operatorConfig(terminal);
  const { cluster, graph } = clusterScope(invocation, config);
  const location = clusterLocation(cluster, config);
  const reading = await readServingState({ cluster: location, env: terminal.env });
  if (reading.kind === 'ready') return { location, graph, state: reading.state };
  const lines = [...reading.errors, ...reading.warnings].map((diagnostic) => `  ${renderBootDiagnostic(diagnostic)}`);
  throw new Failure([`the cluster at ${location} is not ready to serve:`, ...lines].join('\n'));
}

/** `--cluster`, else a profile bound to a cluster; defaults are not consulted. */
function clusterScope(
  { label, flags, terminal }: Invocation,
  config: OperatorConfig,
): { readonly cluster: string; readonly graph: string | undefined } {
  if (flags.cluster !== undefined) return { cluster: flags.cluster, graph: flags.graph };
  const name = profileName(flags, terminal.env);
  if (name !== undefined) {
    const profile = findProfile(name, config);
    const binding = bindingOf(name, profile);
    if (binding.kind === 'cluster') return { cluster: binding.value, graph: flags.graph ?? profile.defaultGraph };
  }
  throw new Failure(
    `\`${label}\` needs a cluster: pass \`--cluster <dir|uri>\`, or \`--profile <name>\` with a profile bound to a cluster`,
  );
}

/** The graphs to look at: one, or all of them. `undefined` when the chosen one is not applied. */
export function chosenGraphs({ graph, state }: AppliedCluster): readonly ServingGraph[] | undefined {
  if (graph === undefined) return state.graphs;
  const chosen = state.graphs.filter(({ id }) => id === graph);
  return chosen.length === 0 ? undefined : chosen;
}

/** That a graph is not applied, and which are. */
export const notApplied = ({ location, graph, state }: AppliedCluster): Failure =>
  new Failure(
    `graph '${graph}' is not applied in the cluster at ${location}; applied graphs: ${state.graphs.map(({ id }) => id).join(', ')}`,
  );
