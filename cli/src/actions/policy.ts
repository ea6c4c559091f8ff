/** `policy validate`, `test` and `explain` (cli.md §9.7, policy.md §§9–10), over the applied bundles of a cluster. */
import {
  isPolicyAction,
  type PolicyKind,
  type PolicyQuestion,
  type PolicyTestCase,
  parsePolicy,
  parsePolicyTests,
} from 'omnigraph-language';
import { compilePolicy, PolicyCompileError, type PolicyEngine, PolicyEvaluationError } from 'omnigraph-server/authz';
import type { ServingPolicy } from 'omnigraph-server/control';
import { type ExitCode, Failure } from '../failure.js';
import { describeDiagnostics, refuseErrors } from '../output/diagnostics.js';
import type { Invocation } from '../shell.js';
import { type AppliedCluster, appliedCluster } from './applied-cluster.js';
import { readTextFile } from './text-file.js';

export async function runPolicyValidate(invocation: Invocation): Promise<ExitCode> {
  const selected = selectBundle(await appliedCluster(invocation));
  const { actorCount } = compileBundle(selected);
  await invocation.terminal.print(`policy valid: bundle '${selected.policy.name}' [${actorCount} actors]`);
  return 0;
}

export async function runPolicyTest(invocation: Invocation, options: { readonly tests: string }): Promise<ExitCode> {
  const engine = compileBundle(selectBundle(await appliedCluster(invocation)));
  const cases = await readCases(options.tests);
  const failures = cases.flatMap((each) => mismatch(each, engine));
  if (failures.length > 0) throw new Failure(['policy tests failed:', ...failures].join('\n'));
  await invocation.terminal.print(`policy tests passed: ${cases.length} cases`);
  return 0;
}

async function readCases(path: string): Promise<readonly PolicyTestCase[]> {
  const { value, diagnostics } = parsePolicyTests(await readTextFile(path, 'policy tests file'), { uri: path });
  refuseErrors(diagnostics, path);
  if (value === undefined) throw new Error('a policy tests file without a problem has no cases');
  return value;
}

function mismatch({ id, question, expect }: PolicyTestCase, engine: PolicyEngine): readonly string[] {
  const { allowed } = decide(engine, question);
  if (allowed === (expect === 'allow')) return [];
  return [`${id}: expected ${expect === 'allow' ? 'Allow' : 'Deny'} but got ${allowed ? 'allow' : 'deny'}`];
}

interface ExplainOptions {
  readonly actor: string;
  readonly action: string;
  readonly branch?: string;
  readonly targetBranch?: string;
}

/** Exit 0 for a denial too: it is an answer. */
export async function runPolicyExplain(invocation: Invocation, options: ExplainOptions): Promise<ExitCode> {
  const question = questionOf(options);
  const { action, actor, branch, targetBranch } = question;
  const engine = compileBundle(selectBundle(await appliedCluster(invocation), action === 'graph_list'));
  const decision = decide(engine, question);
  await invocation.terminal.print(
    [
      `decision: ${decision.allowed ? 'allow' : 'deny'}`,
      `actor: ${actor}`,
      `action: ${action}`,
      ...(branch === undefined ? [] : [`branch: ${branch}`]),
      ...(targetBranch === undefined ? [] : [`target_branch: ${targetBranch}`]),
      ...(decision.matchedRuleId === null ? [] : [`matched_rule: ${decision.matchedRuleId}`]),
      `message: ${decision.message}`,
    ].join('\n'),
  );
  return 0;
}

/** Branch names are trimmed before a decision, as every call site does (policy.md §5.5). */
function questionOf(options: ExplainOptions): PolicyQuestion {
  if (!isPolicyAction(options.action)) throw new Error(`the parser let the action '${options.action}' through`);
  const branch = trimmedBranch('--branch', options.branch);
  const targetBranch = trimmedBranch('--target-branch', options.targetBranch);
  return {
    actor: options.actor,
    action: options.action,
    ...(branch === undefined ? {} : { branch }),
    ...(targetBranch === undefined ? {} : { targetBranch }),
  };
}

function trimmedBranch(flag: string, branch: string | undefined): string | undefined {
  const trimmed = branch?.trim();
  if (trimmed === '') throw new Failure(`\`${flag}\` must name a branch`);
  return trimmed;
}

interface SelectedBundle {
  readonly policy: ServingPolicy;
  /** What it is bound to decides its kind (policy.md §10). */
  readonly kind: PolicyKind;
  readonly graphId: string;
}

/** policy.md §10, bundle selection. `serverAction`: the question is one that only the cluster's bundle answers. */
function selectBundle(cluster: AppliedCluster, serverAction = false): SelectedBundle {
  const { location, graph, state } = cluster;
  const server = state.clusterPolicy && ({ policy: state.clusterPolicy, kind: 'server', graphId: '' } as const);
  if (serverAction && server !== undefined) return server;
  const bound = state.graphs.flatMap(({ id, policy }): readonly SelectedBundle[] =>
    policy === undefined ? [] : [{ policy, kind: 'graph', graphId: id }],
  );
  if (graph !== undefined) {
    const selected = bound.find(({ graphId }) => graphId === graph) ?? server;
    if (selected !== undefined) return selected;
    throw new Failure(`no policy bundle is bound to graph '${graph}' in the cluster at ${location}`);
  }
  const all = distinctByName(server === undefined ? bound : [...bound, server]);
  const [only] = all;
  if (only === undefined) throw new Failure(`the cluster at ${location} has no policy bundle`);
  if (all.length === 1) return only;
  const names = all.map(({ policy }) => policy.name).join(', ');
  throw new Failure(`the cluster at ${location} has ${all.length} policy bundles: ${names}; pass \`--graph <id>\``);
}

const distinctByName = (bundles: readonly SelectedBundle[]): readonly SelectedBundle[] =>
  bundles.filter(({ policy }, at) => bundles.findIndex((other) => other.policy.name === policy.name) === at);

function compileBundle({ policy, kind, graphId }: SelectedBundle): PolicyEngine {
  const name = `policy bundle '${policy.name}'`;
  const { value, diagnostics } = parsePolicy(policy.text, { uri: name, kind });
  if (value === undefined) throw new Failure(describeDiagnostics(diagnostics, name));
  try {
    return compilePolicy(value, { kind, graphId });
  } catch (thrown) {
    throw thrown instanceof PolicyCompileError ? new Failure(`${name}: ${thrown.message}`) : thrown;
  }
}

function decide(engine: PolicyEngine, question: PolicyQuestion): ReturnType<PolicyEngine['decide']> {
  try {
    return engine.decide(question);
  } catch (thrown) {
    throw thrown instanceof PolicyEvaluationError ? new Failure(thrown.message) : thrown;
  }
}
