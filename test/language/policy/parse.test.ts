import { headline, type PolicyKind, parsePolicy } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { ARCHIVE, SERVER } from './bundles.js';

const checkRefused = (text: string, kind: PolicyKind | 'either', says: readonly string[]): void => {
  const { value, diagnostics } = parsePolicy(text, { kind });
  const first = diagnostics[0];
  expect(value).toBeUndefined();
  expect(first?.range).toBeDefined();
  for (const words of says) expect(first === undefined ? '' : headline(first)).toContain(words);
};

const checkAccepted = (text: string, kind: PolicyKind): void => {
  expect(parsePolicy(text, { kind }).diagnostics).toEqual([]);
};

const rule = (allow: string): string =>
  `version: 1\ngroups: { ops: [act-x] }\nrules:\n  - id: r1\n    allow: { actors: { group: ops }, ${allow} }\n`;

describe('policy bundles', () => {
  test('reads the whole of a bundle', () => {
    const { value } = parsePolicy(ARCHIVE, { kind: 'graph' });
    expect([...(value?.groups ?? [])]).toEqual([
      ['agents', ['svc-cataloguer']],
      ['curators', ['act-ines', 'act-tomas']],
      ['keepers', ['act-ines']],
    ]);
    expect(value?.protectedBranches).toEqual(['main', 'release']);
    expect(
      value?.rules.map(({ id, group, actions, branchScope, targetBranchScope }) => ({
        id,
        group,
        actions,
        branchScope,
        targetBranchScope,
      })),
    ).toContainEqual({
      id: 'keepers-publish',
      group: 'keepers',
      actions: ['branch_merge', 'schema_apply'],
      branchScope: null,
      targetBranchScope: 'protected',
    });
  });

  test.each<[string, string, PolicyKind]>([
    ['a server bundle', SERVER, 'server'],
    ['22a: an asserted kind that agrees', `kind: server\n${SERVER}`, 'server'],
    ['no rules at all', 'version: 1\nrules: []\n', 'graph'],
    ['explicit nulls and anchors', rule('actions: &a [read], branch_scope: null'), 'graph'],
    ['a member listed twice', 'version: 1\ngroups: { g: [a, a] }\n', 'graph'],
  ])('accepts %s', (_name, text, kind) => checkAccepted(text, kind));

  test.each<[string, string, PolicyKind | 'either', string[]]>([
    ['22b: an asserted kind that disagrees', `kind: server\nversion: 1\n`, 'graph', ['kind: server', 'graph']],
    ['22c: an unknown kind', 'kind: both\nversion: 1\n', 'graph', ['kind']],
    ['23: a misspelt scope key', rule('actions: [change], branch_scpoe: protected'), 'graph', ['branch_scpoe']],
    [
      '24: a scope key on invoke_query',
      rule('actions: [invoke_query], branch_scope: any'),
      'graph',
      ['r1', 'branch_scope', 'unsupported action', 'invoke_query'],
    ],
    [
      '25: branch_scope on branch_merge',
      rule('actions: [branch_merge], branch_scope: protected'),
      'graph',
      ['branch_scope', 'branch_merge'],
    ],
    [
      '26: target_branch_scope on read',
      rule('actions: [read], target_branch_scope: any'),
      'graph',
      ['target_branch_scope', 'unsupported action', 'read'],
    ],
    [
      '27: both scope keys',
      rule('actions: [change], branch_scope: any, target_branch_scope: any'),
      'graph',
      ['r1', 'only one of the two keys'],
    ],
    [
      '28: a repeated rule id',
      `${rule('actions: [read]')}  - id: r1\n    allow: { actors: { group: ops }, actions: [change] }\n`,
      'graph',
      ['duplicate rule id', 'r1'],
    ],
    ['29: an empty group', 'version: 1\ngroups: { ops: [] }\n', 'graph', ['ops']],
    ['30: graph_list beside read', rule('actions: [graph_list, read]'), 'graph', ['r1', 'split']],
    ['31: graph_list in a graph bundle', SERVER, 'graph', ['operators-see-topology', 'server-scoped', 'graph_list']],
    ['32: graph actions in a server bundle', ARCHIVE, 'server', ['everyone-reads', 'per-graph']],
    ['37: a repeated action', rule('actions: [read, read]'), 'graph', ['r1', 'read']],
    ['38: another version', 'version: 2\n', 'graph', ['policy version must be 1']],
    ['39: a deny key', rule('actions: [read], effect: deny'), 'graph', ['effect']],
    ['V1: a version in quotes', 'version: "1"\n', 'graph', ['version']],
    ['V1: no version', 'rules: []\n', 'graph', ['version']],
    ['V1: a repeated key', 'version: 1\nversion: 1\n', 'graph', ['unique']],
    ['V1: an unknown action', rule('actions: [fly]'), 'graph', ['fly']],
    ['V3: a blank group name', 'version: 1\ngroups: { " ": [a] }\n', 'graph', ['group names must not be blank']],
    ['V5: a blank member', 'version: 1\ngroups: { ops: [" "] }\n', 'graph', ['ops', 'blank actor id']],
    [
      'V6: a blank protected branch',
      'version: 1\nprotected_branches: [""]\n',
      'graph',
      ['protected branch names must not be blank'],
    ],
    [
      'V10: an undeclared group',
      'version: 1\nrules:\n  - { id: r, allow: { actors: { group: nobody }, actions: [read] } }\n',
      'graph',
      ['r', 'unknown group', 'nobody'],
    ],
    ['V11: no action', rule('actions: []'), 'graph', ['r1', 'no action']],
    ['not a mapping', '- 1\n', 'graph', ['mapping']],
    ['broken YAML', 'version: [1\n', 'graph', []],
    ['an empty file', '', 'graph', ['mapping']],
  ])('refuses %s', (_name, text, kind, says) => checkRefused(text, kind, says));

  test('every problem is reported, at its place', () => {
    const { diagnostics } = parsePolicy(`version: 2\ngroups: { ops: [] }\nprotected_branches: [""]\n`, {
      kind: 'graph',
      uri: 'a.policy.yaml',
    });
    expect(diagnostics.map(({ code, range, uri }) => [code, range?.start.line, uri])).toEqual([
      ['policy-version', 0, 'a.policy.yaml'],
      ['policy-empty-group', 1, 'a.policy.yaml'],
      ['policy-blank-branch', 2, 'a.policy.yaml'],
    ]);
  });
});
