import { describe, expect, test } from 'vitest';
import type {
  CodeAction,
  Diagnostic,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  SelectionRange,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { applyEdits, FULL_CLIENT, textIn } from '../fixture.js';
import { atMarker, CLUSTER, FILES, withCluster } from './harbour.js';

const PATH = 'cluster.yaml';

describe('diagnostics', () => {
  /** Each problem as `code: marked text`. */
  const checkDiagnostics = (text: string, expected: readonly string[]): Promise<void> =>
    withCluster(text, async (editor) => {
      const found = await editor.diagnostics(PATH);
      expect(found.map((each) => `${String(each.code)}: ${textIn(text, each.range)}`)).toEqual(expected);
    });

  test.each<[string, string, readonly string[]]>([
    ['a sound cluster', CLUSTER, []],
    ['version', CLUSTER.replace('version: 1', 'version: 2'), ['unsupported_cluster_config_version: 2']],
    [
      'unknown key',
      CLUSTER.replace('schema:', 'scheme:'),
      ['invalid_cluster_yaml: scheme', 'invalid_cluster_yaml: scheme: fleet.pg'],
    ],
    [
      'every wrong type is marked',
      'version: "1"\nstate: { lock: "yes" }\n',
      ['invalid_cluster_yaml: "1"', 'invalid_cluster_yaml: "yes"'],
    ],
    ['duplicate key', CLUSTER.replace('    queries: queries/', '    schema: docks.pg'), ['duplicate_yaml_key: schema']],
    ['reserved key', `${CLUSTER}ui: {}\n`, ['future_phase_field: ui']],
    ['storage', `${CLUSTER}storage: s3://\n`, ['invalid_storage_root: s3://']],
    [
      'missing schema',
      CLUSTER.replace('fleet.pg', 'nope.pg'),
      ['schema_file_missing: nope.pg', 'query_typecheck_skipped: queries/', 'query_typecheck_skipped: queries/'],
    ],
    ['missing queries', CLUSTER.replace('queries/', 'nope.gq'), ['query_file_missing: nope.gq']],
    ['missing policy', CLUSTER.replace('hall.policy', 'nope.policy'), ['policy_file_missing: nope.policy.yaml']],
    [
      'dangling provider',
      CLUSTER.replace('provider: default', 'provider: defalt'),
      ['dangling_embedding_provider_reference: defalt'],
    ],
    ['dangling graph', CLUSTER.replace('[fleet]', '[fleat]'), ['dangling_graph_reference: fleat']],
    [
      'mixed binding',
      CLUSTER.replace('[fleet]', '[fleet, cluster]').replace(/ {2}hall.*\n/, ''),
      ['policy_mixed_binding_kinds: [fleet, cluster]'],
    ],
    [
      'wrong kind of policy',
      CLUSTER.replace('hall.policy', 'gate.policy').replace('[fleet]', '[]'),
      ['policy_missing_applies_to: []', 'policy_invalid: gate.policy.yaml'],
    ],
    [
      'inline key',
      CLUSTER.replace('kind: mock', 'kind: openai, api_key: sk-123'),
      ['embedding_api_key_inline: sk-123'],
    ],
    [
      'queries against another schema',
      CLUSTER.replace('fleet.pg', 'docks.pg'),
      ['query_typecheck_error: queries/', 'query_typecheck_error: queries/'],
    ],
    ['malformed', 'version: 1\nmetadata: { name: "x }\n', ['invalid_cluster_yaml: ', 'invalid_cluster_yaml: ']],
    [
      'unservable id',
      CLUSTER.replaceAll('fleet:', 'fleet_1:').replace('[fleet]', '[fleet_1]'),
      ['graph_id_not_servable: fleet_1'],
    ],
  ])('%s', (_name, text, expected) => checkDiagnostics(text, expected));

  test('a problem in another file leads there', () =>
    withCluster(CLUSTER.replace('fleet.pg', 'broken.pg'), async (editor) => {
      await editor.write('broken.pg', 'node Vessel { imo: Sting }\n');
      const found = await editor.diagnostics(PATH);
      const [first] = found as readonly Diagnostic[];
      expect(first?.code).toBe('schema_parse_error');
      expect(first?.relatedInformation?.map(({ location: { uri } }) => uri)).toEqual([editor.uri('broken.pg')]);
    }));

  test('an unsaved edit of a schema shows in the cluster at once', () =>
    withCluster(CLUSTER, async (editor) => {
      await editor.open('fleet.pg', 'node Vessel {\n  imo: Sting @key\n}\n');
      expect((await editor.diagnostics(PATH)).map(({ code }) => code)).toContain('schema_parse_error');
      await editor.edit('fleet.pg', 'node Vessel {\n  imo: String @key\n  name: String\n}\n');
      expect(await editor.diagnostics(PATH)).toEqual([]);
      await editor.close('fleet.pg');
    }));
});

describe('hover', () => {
  const checkHover = (source: string, expected: string | null): Promise<void> =>
    atMarker(source, async (editor, { position }) => {
      const hover = await editor.ask<Hover | null>('textDocument/hover', PATH, { position });
      const text = hover === null ? null : (hover.contents as { readonly value: string }).value;
      if (expected === null) expect(text).toBeNull();
      else expect(text).toContain(expected);
    });

  test.each<[string, string | null]>([
    [CLUSTER.replace('version', 'ver|sion'), 'integer, required'],
    [CLUSTER.replace('metadata', 'meta|data'), 'What people call the cluster'],
    [CLUSTER.replace('embedding_provider', 'embed|ding_provider'), 'The provider that makes vectors'],
    [CLUSTER.replace('  fleet:', '  fl|eet:'), 'graph id'],
    [CLUSTER.replace('[fleet]', '[fl|eet]'), 'Graph `fleet`, schema `fleet.pg`'],
    [CLUSTER.replace('[fleet]', '[graph.fl|eet]'), 'Graph `fleet`, schema `fleet.pg`'],
    [CLUSTER.replace('[fleet]', '[gho|st]'), 'not a declared graph'],
    [CLUSTER.replace('[cluster]', '[clus|ter]'), 'The server itself'],
    [CLUSTER.replace('provider: default', 'provider: def|ault'), 'kind `mock`'],
    [CLUSTER.replace('kind: mock', 'kind: mo|ck'), 'Deterministic vectors'],
    [CLUSTER.replace('schema: fleet.pg', 'schema: fle|et.pg'), '1 node types, 0 edge types'],
    [CLUSTER.replace('queries: queries/', 'queries: queries/ve|ssels.gq'), '`by_imo`'],
    [CLUSTER.replace('queries: queries/', 'queries: quer|ies/'), 'Every `.gq` file in `queries/`'],
    [CLUSTER.replace('file: gate.policy', 'file: ga|te.policy'), '1 rules'],
    [`${CLUSTER}\n# com|ment\n`, null],
    [`${CLUSTER}whatever: { th|is: 1 }\n`, null],
  ])('%j', checkHover);
});

describe('definition, references and highlights', () => {
  const checkDefinition = (source: string, expected: string | null): Promise<void> =>
    atMarker(source, async (editor, { position, text }) => {
      const found = await editor.ask<Location | Location[] | null>('textDocument/definition', PATH, { position });
      const [first] = found === null ? [] : [found].flat();
      if (first === undefined) expect(expected).toBeNull();
      else if (first.uri === editor.uri(PATH)) expect(textIn(text, first.range)).toBe(expected);
      else expect(first.uri).toBe(editor.uri(expected ?? ''));
    });

  test.each<[string, string | null]>([
    [CLUSTER.replace('[fleet]', '[fl|eet]'), 'fleet'],
    [CLUSTER.replace('[fleet]', '["graph.fl|eet"]'), 'fleet'],
    [CLUSTER.replace('[cluster]', '[clu|ster]'), null],
    [CLUSTER.replace('provider: default', 'provider: provider.embedding.de|fault'), 'default'],
    [CLUSTER.replace('schema: fleet.pg', 'schema: fl|eet.pg'), 'fleet.pg'],
    [CLUSTER.replace('schema: fleet.pg', 'schema: no|pe.pg'), null],
    [CLUSTER.replace('queries: queries/', 'queries: quer|ies/'), null],
    [CLUSTER.replace('file: gate', 'file: ga|te'), 'gate.policy.yaml'],
    [CLUSTER.replace('queries: queries/', 'queries: { by_|imo: { file: queries/vessels.gq } }'), 'queries/vessels.gq'],
  ])('%j', checkDefinition);

  test('references of a graph, with and without its declaration', () =>
    atMarker(CLUSTER.replace('  fleet:', '  fl|eet:'), async (editor, { position }) => {
      const ask = (includeDeclaration: boolean): Promise<Location[]> =>
        editor.ask('textDocument/references', PATH, { position, context: { includeDeclaration } });
      expect((await ask(true)).map(({ range: { start } }) => start.line)).toEqual([6, 11]);
      expect((await ask(false)).map(({ range: { start } }) => start.line)).toEqual([11]);
      expect(await editor.ask<unknown[]>('textDocument/documentHighlight', PATH, { position })).toHaveLength(2);
    }));
});

describe('rename', () => {
  const rename = (
    source: string,
    newName: string,
  ): Promise<{ readonly edit: WorkspaceEdit | null; readonly text: string }> =>
    atMarker(source, async (editor, { position, text }) => ({
      text,
      edit: await editor.ask<WorkspaceEdit | null>('textDocument/rename', PATH, { position, newName }),
    }));

  const editsOf = ({ changes, documentChanges }: WorkspaceEdit): Parameters<typeof applyEdits>[1] =>
    changes === undefined
      ? (documentChanges ?? []).flatMap((change) =>
          'edits' in change ? (change.edits as Parameters<typeof applyEdits>[1]) : [],
        )
      : Object.values(changes).flat();

  test.each<[string, string, string]>([
    [
      CLUSTER.replace('  fleet:', '  fl|eet:'),
      'ships',
      CLUSTER.replace('  fleet:', '  ships:').replace('[fleet]', '[ships]'),
    ],
    [
      CLUSTER.replace('[fleet]', '["graph.fl|eet"]'),
      'ships',
      CLUSTER.replace('  fleet:', '  ships:').replace('[fleet]', '["graph.ships"]'),
    ],
    [
      CLUSTER.replace('  fleet:', '  fl|eet:'),
      'cluster',
      CLUSTER.replace('  fleet:', '  cluster:').replace('[fleet]', '[graph.cluster]'),
    ],
    [
      CLUSTER.replace('    default:', '    def|ault:'),
      'main',
      CLUSTER.replace('    default:', '    main:').replace('provider: default', 'provider: main'),
    ],
    [CLUSTER.replace('  gate:', '  ga|te:'), 'door', CLUSTER.replace('  gate:', '  door:')],
  ])('%j to %s', async (source, newName, expected) => {
    const { text, edit } = await rename(source, newName);
    expect(edit && applyEdits(text, editsOf(edit))).toBe(expected);
  });

  test('of a graph warns that what is stored does not move', async () => {
    const { edit } = await rename(CLUSTER.replace('  fleet:', '  fl|eet:'), 'ships');
    expect(Object.values(edit?.changeAnnotations ?? {})).toMatchObject([
      { needsConfirmation: true, description: expect.stringContaining('does not move') },
    ]);
  });

  test.each([['2fast'], ['a b'], ['']])('refuses %j', async (newName) => {
    await expect(rename(CLUSTER.replace('  fleet:', '  fl|eet:'), newName)).rejects.toThrow('graph name');
  });

  test('refuses a name that is taken', async () => {
    await expect(rename(CLUSTER.replace('  gate:', '  ga|te:'), 'hall')).rejects.toThrow('declared already');
  });

  test('nothing else can be renamed', () =>
    atMarker(CLUSTER.replace('schema:', 'sch|ema:'), async (editor, { position }) => {
      expect(await editor.ask('textDocument/prepareRename', PATH, { position })).toBeNull();
    }));
});

describe('quick fixes', () => {
  const actions = (text: string): Promise<readonly CodeAction[]> =>
    withCluster(text, async (editor) => {
      const diagnostics = await editor.diagnostics(PATH);
      const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
      return editor.ask('textDocument/codeAction', PATH, { range, context: { diagnostics } });
    });

  const checkFix = async (text: string, title: string, expected: string): Promise<void> => {
    const found = (await actions(text)).find((action) => action.title === title);
    expect(found).toBeDefined();
    expect(applyEdits(text, Object.values(found?.edit?.changes ?? {}).flat())).toBe(expected);
  };

  test.each<[string, string, string]>([
    [CLUSTER.replace('schema:', 'shema:'), 'Change to `schema`', CLUSTER],
    [CLUSTER.replace('polices', 'policies').replace('metadata:', 'metdata:'), 'Change to `metadata`', CLUSTER],
    [`${CLUSTER}whatever: 1\n`, 'Remove `whatever`', CLUSTER],
    [`${CLUSTER}ui: { a: 1 }\n`, 'Remove `ui`', CLUSTER],
    [CLUSTER.replace('    queries:', '    schema: docks.pg\n    queries:'), 'Remove `schema`', CLUSTER],
    [CLUSTER.replace('{ kind: mock }', '{ kind: mock, kind: mock }'), 'Remove `kind`', CLUSTER],
    [CLUSTER.replace('{ kind: mock }', '{ hue: 1, kind: mock }'), 'Remove `hue`', CLUSTER],
    [CLUSTER.replace('[fleet]', '[fleat]'), 'Change to `fleet`', CLUSTER],
    [CLUSTER.replace('[fleet]', '[graph.fleat]'), 'Change to `fleet`', CLUSTER.replace('[fleet]', '[graph.fleet]')],
    [CLUSTER.replace('provider: default', 'provider: defalt'), 'Change to `default`', CLUSTER],
    [CLUSTER.replace('kind: mock', 'kind: mok'), 'Change to `mock`', CLUSTER],
    [CLUSTER.replace('version: 1', 'version: 3'), 'Write `version: 1`', CLUSTER],
    [CLUSTER.replace('version: 1\n', ''), 'Add `version: 1`', CLUSTER],
    [`${CLUSTER}state: { backend: etcd }\n`, 'Write `cluster`', `${CLUSTER}state: { backend: cluster }\n`],
  ])('%j: %s', checkFix);

  test('a file that is missing can be created', async () => {
    const found = (await actions(CLUSTER.replace('fleet.pg', 'ships.pg'))).find(
      ({ title }) => title === 'Create ships.pg',
    );
    expect(found?.edit?.documentChanges?.[0]).toMatchObject({ kind: 'create', uri: 'file:///desk/ships.pg' });
  });
});

describe('outline', () => {
  test('symbols', () =>
    withCluster(CLUSTER, async (editor) => {
      const symbols = await editor.ask<DocumentSymbol[]>('textDocument/documentSymbol', PATH);
      const names = (list: readonly DocumentSymbol[]): unknown[] =>
        list.map(({ name, children = [] }) => (children.length === 0 ? name : [name, names(children)]));
      expect(names(symbols)).toEqual([
        'version',
        ['metadata', ['name']],
        ['providers', [['default', ['kind']]]],
        ['graphs', [['fleet', ['schema', 'queries', 'embedding_provider']]]],
        [
          'policies',
          [
            ['gate', ['file', 'applies_to']],
            ['hall', ['file', 'applies_to']],
          ],
        ],
      ]);
    }));

  test('foldings', () =>
    withCluster(CLUSTER, async (editor) => {
      const foldings = await editor.ask<FoldingRange[]>('textDocument/foldingRange', PATH);
      expect(foldings.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
        [2, 4],
        [3, 4],
        [5, 9],
        [6, 9],
        [10, 12],
      ]);
    }));

  test('links lead to files and not to folders', () =>
    withCluster(CLUSTER, async (editor) => {
      const links = await editor.ask<DocumentLink[]>('textDocument/documentLink', PATH);
      expect(links.map(({ range, target }) => [textIn(CLUSTER, range), target?.slice('file:///desk/'.length)])).toEqual(
        [
          ['fleet.pg', 'fleet.pg'],
          ['gate.policy.yaml', 'gate.policy.yaml'],
          ['hall.policy.yaml', 'hall.policy.yaml'],
        ],
      );
    }));

  test('selections grow from the word to the document', () =>
    atMarker(CLUSTER.replace('schema: fleet', 'schema: fl|eet'), async (editor, { position, text }) => {
      const [first] = await editor.ask<SelectionRange[]>('textDocument/selectionRange', PATH, {
        positions: [position],
      });
      const texts: string[] = [];
      for (let at = first; at !== undefined; at = at.parent) texts.push(textIn(text, at.range).slice(0, 16));
      expect(texts).toEqual([
        'fleet.pg',
        'schema: fleet.pg',
        'fleet:\n    schem',
        'graphs:\n  fleet:',
        'version: 1\nmetad',
      ]);
    }));

  test('colours', () =>
    withCluster('version: 1\nstate: { lock: false }\n', async (editor) => {
      const legend = editor.initialized.capabilities.semanticTokensProvider?.legend.tokenTypes ?? [];
      const { data } = await editor.ask<{ data: number[] }>('textDocument/semanticTokens/full', PATH);
      const types = data.filter((_, at) => at % 5 === 3).map((type) => legend[type]);
      expect(types).toEqual(['property', 'number', 'property', 'property', 'keyword']);
    }));
});

test('a client that cannot create files is offered none', () =>
  withCluster(
    CLUSTER.replace('fleet.pg', 'ships.pg'),
    async (editor) => {
      const diagnostics = await editor.diagnostics(PATH);
      const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
      const found = await editor.ask<CodeAction[]>('textDocument/codeAction', PATH, {
        range,
        context: { diagnostics },
      });
      expect((found ?? []).map(({ title }) => title)).not.toContain('Create ships.pg');
    },
    { capabilities: { ...FULL_CLIENT, workspace: { ...FULL_CLIENT.workspace, workspaceEdit: {} } } },
  ));

test('a text that is nested for no reason is answered quickly and without a failure', () =>
  withCluster(`version: 1\nmetadata: ${'['.repeat(20_000)}`, async (editor) => {
    const position = { line: 1, character: 20_000 };
    expect((await editor.diagnostics(PATH)).map(({ code }) => code)).toContain('invalid_cluster_yaml');
    for (const method of ['completion', 'hover', 'definition'])
      await editor.ask(`textDocument/${method}`, PATH, { position });
    for (const method of ['documentSymbol', 'foldingRange', 'codeLens', 'semanticTokens/full']) {
      await editor.ask(`textDocument/${method}`, PATH);
    }
  }));

test('a policy may have any name that the configuration gives it', () =>
  withCluster(
    CLUSTER.replace('gate.policy.yaml', 'rules.yml'),
    async (editor) => {
      await editor.open(
        'rules.yml',
        'version: 1\nrules:\n  - id: a\n    allow: { actors: { group: g }, actions: [read] }\n',
      );
      expect((await editor.diagnostics('rules.yml')).map(({ code }) => code)).toEqual(['policy-unknown-group']);
    },
    { files: { ...FILES, 'rules.yml': '' } },
  ));

test('two clusters in one workspace keep their names apart', () =>
  withCluster(
    CLUSTER,
    async (editor) => {
      const other = `${CLUSTER.replace('[fleet]', '[yard]')}`;
      await editor.open('other/cluster.yaml', other);
      expect((await editor.diagnostics('other/cluster.yaml')).map(({ code }) => code)).toContain(
        'dangling_graph_reference',
      );
      expect(await editor.diagnostics(PATH)).toEqual([]);
      const { clusters } = await editor.request<{ clusters: { uri: string }[] }>('omnigraph/cluster', {});
      expect(clusters.map(({ uri }) => uri).sort()).toEqual([editor.uri(PATH), editor.uri('other/cluster.yaml')]);
    },
    { files: { ...FILES, 'other/cluster.yaml': '' } },
  ));
