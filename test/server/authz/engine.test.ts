import { type PolicyAction, type PolicyKind, parsePolicy } from 'omnigraph-language';
import { compilePolicy, type PolicyEngine } from 'omnigraph-server/authz';
import { describe, expect, test } from 'vitest';
import { ARCHIVE, SERVER } from '../../language/policy/bundles.js';

const compile = (text: string, kind: PolicyKind): PolicyEngine => {
  const { value, diagnostics } = parsePolicy(text, { kind });
  if (value === undefined) throw new Error(JSON.stringify(diagnostics));
  return compilePolicy(value, { kind, graphId: 'library' });
};

const P = compile(ARCHIVE, 'graph');
const S = compile(SERVER, 'server');

type Row = readonly [number, PolicyEngine, string, PolicyAction, string | undefined, string | undefined, string];

const deny = 'deny';

describe('decisions (policy.md §12)', () => {
  test.each<Row>([
    [1, P, 'act-tomas', 'read', 'main', undefined, 'everyone-reads'],
    [
      2,
      P,
      'act-tomas',
      'change',
      'main',
      undefined,
      "policy denied action 'change' on branch 'main' for actor 'act-tomas'",
    ],
    [3, P, 'act-tomas', 'change', 'draft-7', undefined, 'drafts-are-open'],
    [4, P, 'act-tomas', 'change', undefined, undefined, "policy denied action 'change' for actor 'act-tomas'"],
    [5, P, 'act-tomas', 'read', undefined, undefined, 'everyone-reads'],
    [6, P, 'act-tomas', 'branch_create', 'main', 'draft-8', 'curators-open-drafts'],
    [
      7,
      P,
      'act-tomas',
      'branch_create',
      'main',
      'release',
      "policy denied action 'branch_create' on branch 'main' targeting branch 'release' for actor 'act-tomas'",
    ],
    [8, P, 'act-tomas', 'branch_merge', 'draft-7', 'main', deny],
    [9, P, 'act-ines', 'branch_merge', 'draft-7', 'main', 'keepers-publish'],
    [10, P, 'act-ines', 'branch_merge', 'draft-7', 'draft-8', deny],
    [11, P, 'act-ines', 'schema_apply', undefined, 'main', 'keepers-publish'],
    [12, P, 'svc-cataloguer', 'invoke_query', undefined, undefined, 'agents-call-tools'],
    [13, P, 'act-tomas', 'invoke_query', undefined, undefined, deny],
    [14, P, 'svc-cataloguer', 'export', 'main', undefined, deny],
    [15, P, 'act-nobody', 'read', 'main', undefined, "policy denied action 'read' for unknown actor 'act-nobody'"],
    [16, P, 'act-ines', 'admin', undefined, undefined, deny],
    [17, P, 'act-tomas', 'change', 'Main', undefined, 'drafts-are-open'],
    [19, S, 'act-ines', 'graph_list', undefined, undefined, 'operators-see-topology'],
    [
      20,
      S,
      'act-tomas',
      'graph_list',
      undefined,
      undefined,
      "policy denied action 'graph_list' for unknown actor 'act-tomas'",
    ],
  ])('row %i', (_row, engine, actor, action, branch, targetBranch, outcome) => {
    const question = {
      actor,
      action,
      ...(branch === undefined ? {} : { branch }),
      ...(targetBranch === undefined ? {} : { targetBranch }),
    };
    const decision = engine.decide(question);
    if (outcome === deny || outcome.startsWith('policy denied')) {
      expect(decision).toMatchObject({ allowed: false, matchedRuleId: null });
      expect(decision.message).toContain(outcome === deny ? `policy denied action '${action}'` : outcome);
    } else {
      expect(decision).toEqual({
        allowed: true,
        matchedRuleId: outcome,
        message: `policy allowed action '${action}' for actor '${actor}'`,
      });
    }
  });

  test('row 18: of two rules that allow, the smallest id is named', () => {
    const allow = (id: string): string => `  - { id: ${id}, allow: { actors: { group: g }, actions: [read] } }\n`;
    const engine = compile(`version: 1\ngroups: { g: [x] }\nrules:\n${allow('b-rule')}${allow('a-rule')}`, 'graph');
    expect(engine.decide({ actor: 'x', action: 'read' }).matchedRuleId).toBe('a-rule');
  });

  test('row 21: a bundle without rules denies a known actor with the ordinary text', () => {
    const engine = compile('version: 1\ngroups: { g: [act-x] }\nrules: []\n', 'graph');
    expect(engine.decide({ actor: 'act-x', action: 'read', branch: 'main' }).message).toBe(
      "policy denied action 'read' on branch 'main' for actor 'act-x'",
    );
  });

  test('ids may hold any character', () => {
    const odd = 'a"\\\n\u0000é👩‍🚀';
    const engine = compile(
      `version: 1\ngroups: { ${JSON.stringify(odd)}: [${JSON.stringify(odd)}] }\nrules:\n  - { id: ${JSON.stringify(odd)}, allow: { actors: { group: ${JSON.stringify(odd)} }, actions: [read] } }\n`,
      'graph',
    );
    expect(engine.decide({ actor: odd, action: 'read' })).toMatchObject({ allowed: true, matchedRuleId: odd });
  });

  test('a bundle serving two graphs is compiled for each: one graph cannot borrow the permits of another', () => {
    const other = compile('version: 1\ngroups: { g: [act-ines] }\nrules: []\n', 'graph');
    expect(other.decide({ actor: 'act-ines', action: 'read', branch: 'main' }).allowed).toBe(false);
    expect(P.decide({ actor: 'act-ines', action: 'read', branch: 'main' }).allowed).toBe(true);
  });
});
