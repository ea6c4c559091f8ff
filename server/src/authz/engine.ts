/**
 * Compiled policy bundles and their decisions (policy.md §5): the only module that knows cedar-wasm. A bundle is
 * parsed, validated and pre-parsed once; a decision costs one stateful call.
 */
import { createRequire } from 'node:module';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import {
  actionUid,
  actorUid,
  CEDAR_SCHEMA,
  cedarContext,
  cedarLabel,
  decisionMessage,
  knownActors,
  type PolicyBundle,
  type PolicyDecision,
  type PolicyKind,
  type PolicyQuestion,
  resourceUid,
  translateToCedar,
} from 'omnigraph-language';

/** One bundle compiled for one scope. */
export interface PolicyEngine {
  readonly kind: PolicyKind;
  /** Distinct members of all groups. */
  readonly actorCount: number;
  /** Throws `PolicyEvaluationError` when Cedar cannot evaluate: never an allow, never an ordinary deny (§5.4.4). */
  decide(question: PolicyQuestion): PolicyDecision;
}

/** HTTP 500, text beginning `policy:`. */
export class PolicyEvaluationError extends Error {
  override readonly name = 'PolicyEvaluationError';
  constructor(problems: readonly string[]) {
    super(`policy: ${problems.join('; ')}`);
  }
}

/** A bundle that Cedar's strict validation refuses (V19). */
export class PolicyCompileError extends Error {
  override readonly name = 'PolicyCompileError';
  constructor(problems: readonly string[]) {
    super(['policy validation failed', ...problems].join('\n'));
  }
}

export interface CompileOptions {
  readonly kind: PolicyKind;
  /** The graph a graph bundle is compiled for; ignored for a server bundle. */
  readonly graphId: string;
}

const SCHEMA_NAME = 'omnigraph';

let loaded: typeof Cedar | undefined;
let compiled = 0;

/** Compiles a bundle for one scope. Throws `PolicyCompileError`. */
export function compilePolicy(bundle: PolicyBundle, options: CompileOptions): PolicyEngine {
  const cedar = loadCedar();
  const label = cedarLabel(options.kind, options.graphId);
  const { policies, ruleOf, entities } = translateToCedar(bundle, label);
  const policySet = { staticPolicies: Object.fromEntries(policies) } as Cedar.PolicySet;
  refuseInvalid(cedar, policySet);
  // cedar-wasm's cache is global to the process and never forgets, so every compilation gets a name of its own.
  compiled += 1;
  const policySetId = `${label}#${compiled}`;
  refuse(cedar.preparsePolicySet(policySetId, policySet));
  const actors = knownActors(bundle);
  const entityList: Cedar.Entities = [...entities].map(({ uid, parents }) => ({
    uid,
    attrs: {},
    parents: [...parents],
  }));
  return {
    kind: options.kind,
    actorCount: actors.size,
    decide(question) {
      if (!actors.has(question.actor)) {
        return { allowed: false, matchedRuleId: null, message: decisionMessage.unknownActor(question) };
      }
      const answer = cedar.statefulIsAuthorized({
        principal: actorUid(question.actor),
        action: actionUid(question.action),
        resource: resourceUid(question.action, label),
        context: cedarContext(bundle, question),
        preparsedSchemaName: SCHEMA_NAME,
        validateRequest: true,
        preparsedPolicySetId: policySetId,
        entities: entityList,
      });
      return toDecision(answer, question, ruleOf);
    },
  };
}

function toDecision(
  answer: Cedar.AuthorizationAnswer,
  question: PolicyQuestion,
  ruleOf: ReadonlyMap<string, string>,
): PolicyDecision {
  if (answer.type === 'failure') throw new PolicyEvaluationError(answer.errors.map((error) => error.message));
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) {
    throw new PolicyEvaluationError(diagnostics.errors.map(({ error }) => error.message));
  }
  if (decision !== 'allow') return { allowed: false, matchedRuleId: null, message: decisionMessage.denied(question) };
  // Cedar's order of reasons is not stable; the smallest rule id is (§5.4.5).
  const rules = diagnostics.reason.map((id) => ruleOf.get(id) ?? id).sort();
  return { allowed: true, matchedRuleId: rules[0] ?? null, message: decisionMessage.allowed(question) };
}

function refuseInvalid(cedar: typeof Cedar, policies: Cedar.PolicySet): void {
  const answer = cedar.validate({ schema: CEDAR_SCHEMA, policies, validationSettings: { mode: 'strict' } });
  if (answer.type === 'failure') throw new PolicyCompileError(answer.errors.map((error) => error.message));
  if (answer.validationErrors.length > 0) {
    throw new PolicyCompileError(answer.validationErrors.map(({ error }) => error.message));
  }
}

function refuse(answer: Cedar.CheckParseAnswer): void {
  if (answer.type === 'failure') throw new PolicyCompileError(answer.errors.map((error) => error.message));
}

/** The module is CommonJS around 4 MB of WebAssembly: loaded on the first bundle, so commands without policies never pay. */
function loadCedar(): typeof Cedar {
  if (loaded !== undefined) return loaded;
  const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar;
  refuse(cedar.preparseSchema(SCHEMA_NAME, CEDAR_SCHEMA));
  loaded = cedar;
  return cedar;
}
