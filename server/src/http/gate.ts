/** Who may do what, asked once per request (policy.md §6): with a bundle, without one, and with nobody known. */
import type { FastifyBaseLogger } from 'fastify';
import { type BranchPair, kindOf, type PolicyAction } from 'omnigraph-language';
import type { PolicyEngine } from '../authz/index.js';
import { forbidden, unauthorized } from './http-error.js';

export interface GateQuestion extends BranchPair {
  readonly action: PolicyAction;
}

export interface Gate {
  readonly engine: PolicyEngine | undefined;
}

const CLOSED_MANAGEMENT =
  'the server management surface is closed: it needs an explicit policy bundle bound to `cluster`, applied with ' +
  '`cluster apply` and served after a restart. It stays closed in every state, --unauthenticated included';

const DEFAULT_DENY =
  'default-deny mode: bearer tokens are configured but no policy bundle is applied to this graph, so only `read` is ' +
  'permitted. Bind a bundle to the graph, run `cluster apply` and restart the server';

/** The reason of a refusal, or `undefined` when the actor may. Throws 401 where a bundle meets nobody (§6.1). */
export function refusal(
  gate: Gate,
  actor: string | null,
  question: GateQuestion,
  log: FastifyBaseLogger,
): string | undefined {
  if (gate.engine === undefined) {
    if (kindOf(question.action) === 'server') return CLOSED_MANAGEMENT;
    return actor === null || question.action === 'read' ? undefined : DEFAULT_DENY;
  }
  if (actor === null) throw unauthorized('missing bearer token');
  const decision = gate.engine.decide({ actor, ...question });
  log.info(
    {
      actor_id: actor,
      action: question.action,
      branch: question.branch ?? '',
      target_branch: question.targetBranch ?? '',
      allowed: decision.allowed,
      matched_rule_id: decision.matchedRuleId ?? '',
    },
    'policy decision',
  );
  return decision.allowed ? undefined : decision.message;
}

/** Throws 403 with the reason of the refusal. */
export function authorize(gate: Gate, actor: string | null, question: GateQuestion, log: FastifyBaseLogger): void {
  const reason = refusal(gate, actor, question, log);
  if (reason !== undefined) throw forbidden(reason);
}
