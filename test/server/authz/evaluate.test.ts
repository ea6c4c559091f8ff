import fc from 'fast-check';
import {
  evaluateBundle,
  POLICY_ACTIONS,
  type PolicyBundle,
  type PolicyQuestion,
  type PolicyRule,
  type PolicyScope,
  parsePolicy,
} from 'omnigraph-language';
import { compilePolicy } from 'omnigraph-server/authz';
import { expect, test } from 'vitest';
import { ARCHIVE } from '../../language/policy/bundles.js';

const ACTORS = ['act-a', 'act-b', 'act-c', 'nobody'];
const GROUPS = ['g', 'h', 'constructor'];
const BRANCHES = ['main', 'Main', 'draft', ''];
const GRAPH_ACTIONS = POLICY_ACTIONS.filter((action) => action !== 'graph_list');
const NO_RANGE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 }, offset: 0, length: 0 };

const scope = fc.constantFrom<PolicyScope | null>(null, 'any', 'protected', 'unprotected');

const rules = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom('a', 'b', 'a-b', 'Z', '10', '9', 'é'),
    group: fc.constantFrom(...GROUPS),
    actions: fc.uniqueArray(fc.constantFrom(...GRAPH_ACTIONS), { minLength: 1, maxLength: 4 }),
    branchScope: scope,
    targetBranchScope: scope,
    range: fc.constant(NO_RANGE),
  }) satisfies fc.Arbitrary<PolicyRule>,
  { selector: (rule) => rule.id, maxLength: 5 },
);

const bundles: fc.Arbitrary<PolicyBundle> = fc.record({
  assertedKind: fc.constant(null),
  groups: fc
    .tuple(...GROUPS.map(() => fc.array(fc.constantFrom(...ACTORS.slice(0, 3)), { minLength: 1, maxLength: 3 })))
    .map((members) => new Map(GROUPS.map((name, at) => [name, members[at] ?? []]))),
  protectedBranches: fc.subarray(BRANCHES),
  rules,
});

const optionalBranch = fc.option(fc.constantFrom(...BRANCHES), { nil: undefined });

const questions: fc.Arbitrary<PolicyQuestion> = fc
  .record({
    actor: fc.constantFrom(...ACTORS),
    action: fc.constantFrom(...GRAPH_ACTIONS),
    branch: optionalBranch,
    targetBranch: optionalBranch,
  })
  .map(({ actor, action, branch, targetBranch }) => ({
    actor,
    action,
    ...(branch !== undefined && { branch }),
    ...(targetBranch !== undefined && { targetBranch }),
  }));

test('what the editor says of a bundle is what Cedar decides', () => {
  fc.assert(
    fc.property(bundles, fc.array(questions, { minLength: 1, maxLength: 20 }), (bundle, asked) => {
      const engine = compilePolicy(bundle, { kind: 'graph', graphId: 'library' });
      for (const question of asked) expect(evaluateBundle(bundle, question)).toEqual(engine.decide(question));
    }),
    { numRuns: 60 },
  );
});

test('the archive bundle: every actor, action and branch, against Cedar', () => {
  const { value: bundle } = parsePolicy(ARCHIVE, { kind: 'graph' });
  if (bundle === undefined) throw new Error('the archive bundle must be valid');
  const engine = compilePolicy(bundle, { kind: 'graph', graphId: 'library' });
  const allowed: string[] = [];
  for (const actor of ['act-ines', 'act-tomas', 'svc-cataloguer', 'stranger']) {
    for (const action of GRAPH_ACTIONS) {
      for (const branch of ['main', 'draft']) {
        const question: PolicyQuestion = { actor, action, branch, targetBranch: branch };
        const decision = evaluateBundle(bundle, question);
        expect(decision).toEqual(engine.decide(question));
        if (decision.allowed) allowed.push(`${actor} ${action} ${branch}`);
      }
    }
  }
  expect(allowed).toHaveLength(21);
});
