import { afterAll, describe, expect, test } from 'vitest';
import type {
  CodeAction,
  CodeLens,
  CompletionItem,
  DocumentSymbol,
  Hover,
  InlayHint,
  Location,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { ARCHIVE, SERVER } from '../../policy/bundles.js';
import { applyEdits, FULL_CLIENT, marked, openEditor, type TestEditor, textIn } from '../fixture.js';

const CLUSTER = `version: 1
graphs:
  library: { schema: library.pg }
policies:
  archive: { file: archive.policy.yaml, applies_to: [library] }
  hall: { file: hall.policy.yaml, applies_to: [cluster] }
`;

const TESTS = `version: 1
cases:
  - { id: tomas-drafts,   actor: act-tomas, action: change, branch: draft-7, expect: allow }
  - { id: tomas-not-main, actor: act-tomas, action: change, branch: main,    expect: deny }
  - { id: stranger,       actor: act-nobody, action: read,  branch: main,    expect: allow }
`;

const GRAPH = 'archive.policy.yaml';
const HALL = 'hall.policy.yaml';
const FREE = 'free.policy.yaml';
const CASES = 'archive.policy.tests.yaml';

const shared = openEditor(
  {
    'cluster.yaml': CLUSTER,
    'library.pg': 'node Book {\n  title: String @key\n}\n',
    [GRAPH]: ARCHIVE,
    [HALL]: SERVER,
    [FREE]: ARCHIVE,
    [CASES]: TESTS,
  },
  { initializationOptions: { commands: ['omnigraph.showPolicyMatrix'] } },
);

afterAll(async () => {
  const editor = await shared;
  await editor.settled();
  expect(editor.errors).toEqual([]);
  await editor.dispose();
});

async function opened(path: string, text: string): Promise<TestEditor> {
  const editor = await shared;
  await editor.open(path, text);
  return editor;
}

const ask = async <R>(method: string, path: string, source: string, params: object = {}): Promise<R> => {
  const { text, position } = marked(source);
  return (await opened(path, text)).ask<R>(method, path, { position, ...params });
};

const head = (rest: string): string =>
  `version: 1\ngroups:\n  curators: [act-ines, act-tomas]\n  agents: [svc-a]\n${rest}`;
const rule = (allow: string): string => head(`rules:\n  - id: r\n    allow: { ${allow} }\n`);

describe('completion', () => {
  const checkCompletion = async (path: string, source: string, labels: readonly string[]): Promise<void> => {
    const items = (await ask<CompletionItem[] | null>('textDocument/completion', path, source)) ?? [];
    expect(items.map(({ label }) => label)).toEqual(labels);
  };

  const graphActions = [
    'read',
    'export',
    'change',
    'schema_apply',
    'branch_create',
    'branch_delete',
    'branch_merge',
    'invoke_query',
    'admin',
  ];

  test.each<[string, string, readonly string[]]>([
    [GRAPH, '|', ['version', 'kind', 'groups', 'protected_branches', 'rules']],
    [GRAPH, 'version: 1\nkind: |', ['server', 'graph']],
    [GRAPH, head('rules:\n  - |'), ['id', 'allow']],
    [GRAPH, head('rules:\n  - id: r\n    |'), ['allow']],
    [
      GRAPH,
      head('rules:\n  - id: r\n    allow:\n      |'),
      ['actors', 'actions', 'branch_scope', 'target_branch_scope'],
    ],
    [GRAPH, rule('actors: { | }'), ['group']],
    [GRAPH, rule('actors: { group: | }'), ['agents', 'curators']],
    [GRAPH, rule('actors: { group: agents }, actions: [|]'), graphActions],
    [GRAPH, rule('actors: { group: agents }, actions: [read, |]'), graphActions.slice(1)],
    [HALL, rule('actors: { group: agents }, actions: [|]'), ['graph_list']],
    [FREE, rule('actors: { group: agents }, actions: [|]'), [...graphActions, 'graph_list']],
    [FREE, rule('actors: { group: agents }, actions: [read, |]'), graphActions.slice(1)],
    [FREE, rule('actors: { group: agents }, actions: [graph_list, |]'), []],
    [GRAPH, rule('actors: { group: agents }, actions: [|], branch_scope: any'), ['read', 'export', 'change']],
    [
      GRAPH,
      rule('actors: { group: agents }, actions: [|], target_branch_scope: any'),
      ['schema_apply', 'branch_create', 'branch_delete', 'branch_merge'],
    ],
    [GRAPH, rule('actors: { group: agents }, actions: [read], | '), ['branch_scope']],
    [GRAPH, rule('actors: { group: agents }, actions: [branch_merge], | '), ['target_branch_scope']],
    [GRAPH, rule('actors: { group: agents }, actions: [invoke_query], | '), []],
    [GRAPH, rule('actors: { group: agents }, actions: [read], branch_scope: any, | '), []],
    [GRAPH, rule('actors: { group: agents }, actions: [read], branch_scope: |'), ['any', 'protected', 'unprotected']],
    [GRAPH, 'version: 1\ngroups:\n  a: [act-x]\n  b: [|]\n', ['act-x']],
    [GRAPH, head('protected_branches: [|]\n'), ['main']],
    [GRAPH, 'version: 1\ngroups:\n  |', ['new group']],
    [CASES, '|', ['version', 'cases']],
    [CASES, 'version: 1\ncases:\n  - { | }', ['id', 'actor', 'action', 'expect', 'branch', 'target_branch']],
    [CASES, 'version: 1\ncases:\n  - { id: a, actor: | }', ['svc-cataloguer', 'act-ines', 'act-tomas']],
    [CASES, 'version: 1\ncases:\n  - { id: a, action: | }', graphActions],
    [CASES, 'version: 1\ncases:\n  - { id: a, expect: | }', ['allow', 'deny']],
    [CASES, 'version: 1\ncases:\n  - { id: a, branch: | }', ['main', 'release']],
  ])('%s %j', async (path, source, labels) => {
    if (path === CASES) await opened(GRAPH, ARCHIVE);
    await checkCompletion(path, source, labels);
  });
});

describe('diagnostics', () => {
  const checkDiagnostics = async (path: string, text: string, expected: readonly string[]): Promise<void> => {
    const editor = await opened(path, text);
    const found = await editor.diagnostics(path);
    expect(found.map((each) => `${String(each.code)}: ${textIn(text, each.range)}`)).toEqual(expected);
  };

  test.each<[string, string, string, readonly string[]]>([
    ['sound', GRAPH, ARCHIVE, []],
    ['V1', GRAPH, rule('actors: { group: agents }, actions: [raed]'), ['policy-shape: raed']],
    [
      'V1 key',
      GRAPH,
      rule('actors: { group: agents }, actions: [read], branch_scpoe: any'),
      ['policy-shape: branch_scpoe'],
    ],
    ['V2', GRAPH, ARCHIVE.replace('version: 1', 'version: 2'), ['policy-version: 2']],
    ['V4', GRAPH, head('').replace('[svc-a]', '[]'), ['policy-empty-group: agents']],
    ['V5', GRAPH, head('').replace('[svc-a]', '[" "]'), ['policy-blank-actor: " "']],
    ['V6', GRAPH, head('protected_branches: [""]\n'), ['policy-blank-branch: ""']],
    ['V10', GRAPH, rule('actors: { group: agent }, actions: [read]'), ['policy-unknown-group: agent']],
    ['V11', GRAPH, rule('actors: { group: agents }, actions: []'), ['policy-no-action: []']],
    [
      'V13',
      GRAPH,
      rule('actors: { group: agents }, actions: [admin], branch_scope: any'),
      ['policy-scope-action: any'],
    ],
    ['V17', GRAPH, rule('actors: { group: agents }, actions: [read, read]'), ['policy-repeated-action: read']],
    ['V18 graph', GRAPH, SERVER, ['policy-kind: graph_list']],
    ['V18 server', HALL, rule('actors: { group: agents }, actions: [read]'), ['policy-kind: read']],
    ['kind assertion', GRAPH, ARCHIVE.replace('groups:', 'kind: server\ngroups:'), ['policy-kind-assertion: server']],
    ['no binding, no kind', FREE, SERVER, []],
  ])('%s', async (_name, path, text, expected) => checkDiagnostics(path, text, expected));

  test('a case that fails', async () => {
    await opened(GRAPH, ARCHIVE);
    const editor = await opened(CASES, TESTS);
    const [found, ...others] = await editor.diagnostics(CASES);
    expect(others).toEqual([]);
    expect(found?.message).toContain('stranger: expected Allow but got deny');
    expect(found?.range.start.line).toBe(4);
  });

  test('tests follow an edit of their policy', async () => {
    await opened(CASES, TESTS);
    const editor = await opened(GRAPH, ARCHIVE.replace('branch_scope: unprotected', 'branch_scope: protected'));
    const found = await editor.diagnostics(CASES);
    expect(found.map(({ range: { start } }) => start.line)).toEqual([2, 3, 4]);
    await editor.open(GRAPH, ARCHIVE);
  });

  test('tests of a broken policy say so once', async () => {
    await opened(GRAPH, 'version: 2\n');
    const editor = await opened(CASES, TESTS);
    expect((await editor.diagnostics(CASES)).map(({ code }) => code)).toEqual(['policy-tests-undecided']);
    await editor.open(GRAPH, ARCHIVE);
  });
});

describe('hover', () => {
  const checkHover = async (path: string, source: string, expected: string): Promise<void> => {
    const hover = await ask<Hover | null>('textDocument/hover', path, source);
    expect((hover?.contents as { readonly value: string } | undefined)?.value).toContain(expected);
  };

  test.each<[string, string, string]>([
    [
      GRAPH,
      ARCHIVE.replace('drafts-are-open', 'drafts-|are-open'),
      'Members of `curators` (act-ines and act-tomas) may change data, on any branch but `main` and `release`.',
    ],
    [
      GRAPH,
      ARCHIVE.replace('everyone-reads', 'every|one-reads'),
      'Members of `curators` (act-ines and act-tomas) may read and export, on any branch.',
    ],
    [
      GRAPH,
      ARCHIVE.replace('keepers-publish', 'keepers|-publish'),
      'Members of `keepers` (act-ines) may merge and apply schemas, into the protected branches `main` and `release`.',
    ],
    [GRAPH, ARCHIVE.replace('agents-call-tools', 'agents|-call-tools'), 'may call stored queries.'],
    [GRAPH, rule('actors: { group: ghosts }, actions: [re|ad]'), 'Nobody (there is no group `ghosts`) may read'],
    [GRAPH, rule('actors: { group: agents }, actions: [exp|ort]'), 'The NDJSON export'],
    [
      GRAPH,
      rule('actors: { group: agents }, actions: [read], branch_scope: unpro|tected'),
      'on any branch that is named',
    ],
    [GRAPH, ARCHIVE.replace('  curators:', '  cura|tors:'), '- Members of `curators`'],
    [GRAPH, ARCHIVE.replace('group: keepers', 'group: kee|pers'), 'group of `act-ines`'],
    [GRAPH, ARCHIVE.replace('protected_branches', 'protected|_branches'), '`main` is not protected unless listed'],
    [HALL, SERVER.replace('operators-see', 'operators|-see'), 'may list the graphs of the server.'],
    [
      CASES,
      TESTS.replace('id: stranger', 'id: stran|ger'),
      "✗ policy denied action 'read' for unknown actor 'act-nobody'",
    ],
    [
      CASES,
      TESTS.replace('id: tomas-drafts', 'id: tomas|-drafts'),
      "✓ policy allowed action 'change' for actor 'act-tomas'",
    ],
  ])('%s %j', checkHover);
});

describe('groups', () => {
  const source = ARCHIVE.replace('group: keepers', 'group: kee|pers');

  test('definition and references', async () => {
    const definition = await ask<Location[]>('textDocument/definition', GRAPH, source);
    expect(definition.map(({ range }) => textIn(ARCHIVE, range))).toEqual(['keepers']);
    const context = { includeDeclaration: true };
    expect(await ask<Location[]>('textDocument/references', GRAPH, source, { context })).toHaveLength(2);
  });

  test('rename', async () => {
    const edit = await ask<WorkspaceEdit>('textDocument/rename', GRAPH, source, { newName: 'wardens' });
    const edits = Object.values(edit.changes ?? {}).flat();
    expect(applyEdits(ARCHIVE, edits)).toBe(
      ARCHIVE.replaceAll('keepers:', 'wardens:').replace('group: keepers', 'group: wardens'),
    );
  });
});

describe('quick fixes', () => {
  const checkFix = async (path: string, text: string, title: string, expected: string): Promise<void> => {
    const editor = await opened(path, text);
    const diagnostics = await editor.diagnostics(path);
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const actions = await editor.ask<CodeAction[]>('textDocument/codeAction', path, {
      range,
      context: { diagnostics },
    });
    const found = actions.find((action) => action.title === title);
    expect(actions.map((action) => action.title)).toContain(title);
    expect(applyEdits(text, Object.values(found?.edit?.changes ?? {}).flat())).toBe(expected);
  };

  const sound = rule('actors: { group: agents }, actions: [read]');

  test.each<[string, string, string]>([
    [rule('actors: { group: agent }, actions: [read]'), 'Change to `agents`', sound],
    [
      rule('actors: { group: ghosts }, actions: [read]'),
      'Declare the group `ghosts`',
      rule('actors: { group: ghosts }, actions: [read]').replace('  curators', '  ghosts: [act-someone]\n  curators'),
    ],
    [
      rule('actors: { group: ghosts }, actions: [read]'),
      'Change to `curators`',
      rule('actors: { group: curators }, actions: [read]'),
    ],
    [rule('actors: { group: agents }, actions: [raed]'), 'Change to `read`', sound],
    [rule('actors: { group: agents }, actons: [read]'), 'Change to `actions`', sound],
    [rule('actors: { group: agents }, actions: [read], effect: deny'), 'Remove `effect`', sound],
    [rule('actors: { group: agents }, actions: [read, read]'), 'Remove the repeated action', sound],
    [
      rule('actors: { group: agents }, actions: [admin], branch_scope: any'),
      'Remove `branch_scope`',
      rule('actors: { group: agents }, actions: [admin]'),
    ],
    [sound.replace('version: 1', 'version: 7'), 'Write `version: 1`', sound],
    [sound.replace('version: 1\n', ''), 'Add `version: 1`', sound],
    [sound.replace('groups:', 'kind: server\ngroups:'), 'Remove `kind`', sound],
  ])('%j: %s', (text, title, expected) => checkFix(GRAPH, text, title, expected));

  test('of a failing case', async () => {
    await opened(GRAPH, ARCHIVE);
    await checkFix(
      CASES,
      TESTS,
      'Expect deny',
      TESTS.replace('expect: allow }\n', 'expect: allow }\n').replace(/expect: allow }\n$/, 'expect: deny }\n'),
    );
  });
});

describe('who may do what', () => {
  test('lenses', async () => {
    const editor = await opened(GRAPH, ARCHIVE);
    const lenses = await editor.ask<CodeLens[]>('textDocument/codeLens', GRAPH);
    expect(lenses.map(({ range, command }) => `${range.start.line} ${command?.title}`)).toEqual([
      '0 Who may do what: 3 actors, 7 rules',
      '2 All of them may read, export, change (unprotected), branch_create (unprotected), branch_delete (unprotected)',
      '3 It may read, export, change (unprotected), schema_apply (protected), branch_create (unprotected), branch_delete (unprotected), branch_merge (protected)',
      '4 It may read, change (unprotected), invoke_query',
    ]);
    expect(lenses.every(({ command }) => command?.command === 'omnigraph.showPolicyMatrix')).toBe(true);
  });

  test('the matrix', async () => {
    const editor = await opened(GRAPH, ARCHIVE);
    const matrix = await editor.request<{
      binding: string;
      actions: { action: string }[];
      actors: {
        actor: string;
        groups: string[];
        cells: { action: string; branch: string; allowed: boolean; rule: string | null }[];
      }[];
    }>('omnigraph/policyMatrix', { uri: editor.uri(GRAPH) });
    expect(matrix.binding).toBe('graph');
    expect(matrix.actions).toHaveLength(9);
    expect(matrix.actors.map(({ actor, groups }) => [actor, ...groups])).toEqual([
      ['act-ines', 'curators', 'keepers'],
      ['act-tomas', 'curators'],
      ['svc-cataloguer', 'agents'],
    ]);
    const tomas = matrix.actors[1]?.cells.filter(({ action }) => action === 'change');
    expect(tomas).toEqual([
      { action: 'change', branch: 'protected', allowed: false, rule: null },
      { action: 'change', branch: 'unprotected', allowed: true, rule: 'drafts-are-open' },
      { action: 'change', branch: 'none', allowed: false, rule: null },
    ]);
  });

  test('of a server policy there is one action', async () => {
    const editor = await opened(HALL, SERVER);
    const matrix = await editor.request<{ actions: unknown[]; actors: { cells: unknown[] }[] }>(
      'omnigraph/policyMatrix',
      {
        uri: editor.uri(HALL),
      },
    );
    expect(matrix.actions).toEqual([{ action: 'graph_list', classes: ['none'] }]);
    expect(matrix.actors[0]?.cells).toEqual([
      { action: 'graph_list', branch: 'none', allowed: true, rule: 'operators-see-topology' },
    ]);
  });

  test('of a broken policy there is the reason', async () => {
    const editor = await opened(GRAPH, 'version: 2\n');
    expect(await editor.request('omnigraph/policyMatrix', { uri: editor.uri(GRAPH) })).toMatchObject({
      actors: [],
      problem: 'the policy version must be 1',
    });
    await editor.open(GRAPH, ARCHIVE);
  });

  test('asked of something else it refuses', async () => {
    const editor = await shared;
    await expect(editor.request('omnigraph/policyMatrix', { uri: editor.uri('library.pg') })).rejects.toThrow(
      'a policy',
    );
    await expect(editor.request('omnigraph/policyMatrix', {})).rejects.toThrow('`uri`');
  });
});

describe('outline', () => {
  test('symbols of a bundle', async () => {
    const editor = await opened(HALL, SERVER);
    const symbols = await editor.ask<DocumentSymbol[]>('textDocument/documentSymbol', HALL);
    expect(symbols.map(({ name, children = [] }) => [name, ...children.map((child) => child.name)])).toEqual([
      ['version'],
      ['groups', 'operators'],
      ['rules', 'operators-see-topology'],
    ]);
  });

  test('symbols of tests, and a verdict beside each case', async () => {
    await opened(GRAPH, ARCHIVE);
    const editor = await opened(CASES, TESTS);
    const symbols = await editor.ask<DocumentSymbol[]>('textDocument/documentSymbol', CASES);
    expect(symbols[1]?.children?.map(({ name }) => name)).toEqual(['tomas-drafts', 'tomas-not-main', 'stranger']);
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const hints = await editor.ask<InlayHint[]>('textDocument/inlayHint', CASES, { range });
    expect(hints.map(({ label, position }) => `${position.line} ${String(label)}`)).toEqual([
      '2 ✓ allow',
      '3 ✓ deny',
      '4 ✗ deny',
    ]);
  });

  test('colours and foldings', async () => {
    const editor = await opened(GRAPH, ARCHIVE);
    const { data } = await editor.ask<{ data: number[] }>('textDocument/semanticTokens/full', GRAPH);
    expect(data.length).toBeGreaterThan(100);
    expect(await editor.ask<unknown[]>('textDocument/foldingRange', GRAPH)).toHaveLength(9);
  });
});

test('a client without the command gets the lens as text', async () => {
  const editor = await openEditor({ [FREE]: ARCHIVE }, { capabilities: FULL_CLIENT });
  const lenses = await editor.ask<CodeLens[]>('textDocument/codeLens', FREE);
  expect(lenses[0]?.command).toEqual({ title: 'Who may do what: 3 actors, 7 rules', command: '' });
  await editor.settled();
  await editor.dispose();
});
