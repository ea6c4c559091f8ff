/**
 * The guard of cli.md §4: a scope flag that a command cannot consume is refused, never dropped. Pure, and run before
 * any file, config, network or storage access.
 */
import type { GlobalFlags, ScopeFlag } from './global-flags.js';
import type { Capability, CommandScope } from './matrix.js';

const CHECK_ORDER: readonly ScopeFlag[] = ['server', 'cluster', 'graph', 'store', 'as', 'profile'];

const PHRASES: Readonly<Record<Capability, string>> = {
  any: 'data',
  served: 'served',
  direct: 'direct (storage-native)',
  control: 'cluster control',
  local: 'local',
};

const FLAG_STATEMENTS: Readonly<Record<ScopeFlag, string>> = {
  server: 'reaches a graph through a server',
  cluster: 'is for commands that work on a cluster',
  graph: 'picks one graph inside a server or cluster',
  store: "names one graph's storage",
  as: 'names the actor of an embedded write or of cluster apply/approve',
  profile: 'picks a named scope',
};

/** What is wrong with the first flag the command cannot consume, or `undefined` when all are fine. */
export function guardProblem(scope: CommandScope, flags: GlobalFlags): string | undefined {
  const offender = CHECK_ORDER.find((flag) => flags[flag] !== undefined && !scope.accepts.includes(flag));
  if (offender === undefined) return undefined;
  const statement = `\`${scope.label}\` is a ${PHRASES[scope.capability]} command; \`--${offender}\` ${FLAG_STATEMENTS[offender]} and does not apply.`;
  return scope.remedy === '' ? statement : `${statement} ${scope.remedy}`;
}
