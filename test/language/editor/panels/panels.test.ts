import type { PolicyTestResults, QueryPlace, RunnableQuery, SchemaDiagram } from 'omnigraph-language/editor';
import { afterEach, expect, test } from 'vitest';
import { openEditor, type TestEditor } from '../fixture.js';

let editor: TestEditor;

afterEach(async () => {
  await editor.dispose();
  expect(editor.errors).toEqual([]);
});

const SCHEMA = `interface Named { name: String }
node Ship implements Named { imo: String @key  name: String  length: F64? }
node Harbor { code: String @key }
edge CallsAt: Ship -> Harbor @card(0..3) { since: Date }
edge Lost: Ship -> Nowhere
`;

const QUERIES = `query calls($imo: String, $most: I64?) @description("Where a ship goes") {
  match {
    $s: Ship { imo: $imo }
    $h: Harbor
    $s callsAt $h
  }
  return { $s.name, $h.code }
}
query add($code: String) {
  insert Harbor { code: $code }
}
query broken() {
  match { $x: Shipp }
  return { $x.imo }
}
`;

const CLUSTER = 'version: 1\nstorage: ./store\ngraphs:\n  fleet: { schema: fleet.pg, queries: q/ }\n';

const FILES = { 'cluster.yaml': CLUSTER, 'fleet.pg': SCHEMA.replace(/edge Lost.*\n/, ''), 'q/fleet.gq': QUERIES };

async function checkDiagram(schema: string): Promise<Omit<SchemaDiagram, 'uri'>> {
  editor = await openEditor({ 's.pg': schema });
  const { nodes, edges } = await editor.request<SchemaDiagram>('omnigraph/schemaDiagram', { uri: editor.uri('s.pg') });
  return { nodes, edges };
}

test('a diagram has types with properties, and edges between types that exist', async () => {
  const { nodes, edges } = await checkDiagram(SCHEMA);
  expect(nodes.map(({ name, kind, implements: of }) => [name, kind, of])).toEqual([
    ['Named', 'interface', []],
    ['Ship', 'node', ['Named']],
    ['Harbor', 'node', []],
  ]);
  expect(nodes[1]?.properties).toContainEqual({ name: 'imo', type: 'String', key: true });
  expect(nodes[1]?.properties).toContainEqual({ name: 'length', type: 'F64?', key: false });
  expect(edges).toEqual([
    {
      name: 'CallsAt',
      from: 'Ship',
      to: 'Harbor',
      cardinality: '0..3',
      properties: [{ name: 'since', type: 'Date', key: false }],
      line: 3,
    },
  ]);
});

test('a diagram of a broken schema has what could be read', async () => {
  const { nodes } = await checkDiagram('node Ship { imo: String @key }\nnode { }\nnode Harbor { code: String @key }\n');
  expect(nodes.map(({ name }) => name)).toEqual(['Ship', 'Harbor']);
});

async function checkRunnable(name: string): Promise<RunnableQuery> {
  editor = await openEditor(FILES);
  return editor.request<RunnableQuery>('omnigraph/runnableQuery', { uri: editor.uri('q/fleet.gq'), name });
}

test('a query is run with its parameters, its graph, and a picture of its variables', async () => {
  const { source, ...query } = await checkRunnable('calls');
  expect(source).toBe(QUERIES);
  expect(query).toEqual({
    uri: editor.uri('q/fleet.gq'),
    name: 'calls',
    mutation: false,
    description: 'Where a ship goes',
    params: [
      { name: 'imo', kind: 'string', nullable: false, type: 'String' },
      { name: 'most', kind: 'bigint', nullable: true, type: 'I64?' },
    ],
    graph: {
      id: 'fleet',
      clusterFolder: editor.uri('cluster.yaml').replace('/cluster.yaml', ''),
      storage: './store',
      key: 'graphs/fleet.omni',
    },
    picture: {
      nodes: [
        { variable: 's', typeName: 'Ship', columns: ['s.name'] },
        { variable: 'h', typeName: 'Harbor', columns: ['h.code'] },
      ],
      links: [{ from: 's', to: 'h', edge: 'CallsAt', directed: true }],
    },
  });
});

test('a mutation is marked and has no picture', async () => {
  const { mutation, picture } = await checkRunnable('add');
  expect({ mutation, picture }).toEqual({ mutation: true, picture: { nodes: [], links: [] } });
});

test.each([
  ['broken', /'broken' has errors: .*Shipp/],
  ['nowhere', /there is no query 'nowhere'/],
])('%s cannot run, and the reason is said', async (name, reason) => {
  await expect(checkRunnable(name)).rejects.toThrow(reason);
});

test('a query without a schema cannot run', async () => {
  editor = await openEditor({ 'alone.gq': QUERIES });
  const asked = editor.request('omnigraph/runnableQuery', { uri: editor.uri('alone.gq'), name: 'calls' });
  await expect(asked).rejects.toThrow(/has no schema/);
});

test('a panel that asks for a file of another kind is told so', async () => {
  editor = await openEditor(FILES);
  const asked = editor.request('omnigraph/schemaDiagram', { uri: editor.uri('q/fleet.gq') });
  await expect(asked).rejects.toThrow(/needs a schema document/);
});

test('the queries of a document, with their lines', async () => {
  editor = await openEditor(FILES);
  const places = await editor.request<readonly QueryPlace[]>('omnigraph/queries', { uri: editor.uri('q/fleet.gq') });
  expect(places).toEqual([
    { name: 'calls', firstLine: 0, lastLine: 7 },
    { name: 'add', firstLine: 8, lastLine: 10 },
    { name: 'broken', firstLine: 11, lastLine: 14 },
  ]);
});

const POLICY = `version: 1
groups: { crew: [act-ada] }
protected_branches: [main]
rules:
  - id: read
    allow: { actors: { group: crew }, actions: [read], branch_scope: any }
`;

const CASES = `version: 1
cases:
  - { id: ada-reads, actor: act-ada, action: read, branch: main, expect: allow }
  - { id: ada-writes, actor: act-ada, action: change, branch: main, expect: allow }
`;

async function checkPolicyTests(policy: string | undefined, cases: string): Promise<PolicyTestResults> {
  editor = await openEditor({
    ...(policy !== undefined && { 'gate.policy.yaml': policy }),
    'gate.policy.tests.yaml': cases,
  });
  return editor.request<PolicyTestResults>('omnigraph/policyTests', { uri: editor.uri('gate.policy.tests.yaml') });
}

test('policy tests say what the policy beside them decides', async () => {
  const results = await checkPolicyTests(POLICY, CASES);
  expect(results.kind === 'results' && results.cases.map(({ id, expected, actual }) => [id, expected, actual])).toEqual(
    [
      ['ada-reads', 'allow', 'allow'],
      ['ada-writes', 'allow', 'deny'],
    ],
  );
});

test.each<[string, string | undefined, string, RegExp]>([
  ['no policy', undefined, CASES, /no policy gate\.policy\.yaml/],
  ['a broken policy', 'version: 2\n', CASES, /gate\.policy\.yaml has errors/],
  ['broken cases', POLICY, 'version: 1\ncases:\n  - { name: x }\n', /./],
])('with %s nothing is decided', async (_what, policy, cases, reason) => {
  const results = await checkPolicyTests(policy, cases);
  expect(results.kind === 'undecided' && results.reason).toMatch(reason);
});
