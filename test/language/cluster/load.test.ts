/** Loading the desired revision: cluster.md §§3–6 and acceptance scenarios 1–10 and 16. */
import {
  type DesiredRevision,
  type Diagnostic,
  defaultDenyWarnings,
  loadDesired,
  reportedDiagnostic,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { CLUSTER_YAML, FLEET_FILES, FLEET_GQ, FLEET_PG, memoryFolder } from './fleet.js';

type Files = Readonly<Record<string, string | undefined>>;

const load = (files: Files, directories: readonly string[] = []): Promise<DesiredRevision> =>
  loadDesired(memoryFolder({ ...FLEET_FILES, ...files }, directories));

const loadYaml = (yaml: string, files: Files = {}): Promise<DesiredRevision> =>
  load({ 'cluster.yaml': yaml, ...files });

const codes = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ severity, code, path }) => `${severity === 'error' ? 'E' : 'W'} ${code} ${path}`);

/** What is wrong with a configuration: severity, code and path of everything, in order. */
const checkYaml = async (yaml: string, expected: readonly string[], files: Files = {}): Promise<void> =>
  expect(codes((await loadYaml(yaml, files)).diagnostics)).toEqual(expected);

describe('a correct cluster', () => {
  test('digests, resources and edges of the example', async () => {
    const desired = await load({});
    expect(codes(desired.diagnostics)).toEqual([]);
    expect(desired.configDigest).toBe('a318644e298d35e9844f996b6344c715e68f8428aae5faeeb3cd0e3ea6e4b34e');
    expect([...desired.resources.values()].map(({ content, ...resource }) => resource)).toEqual([
      {
        address: 'graph.fleet',
        kind: 'graph',
        digest: 'ffe678290d36c6a8cdda2429acca43650418f61578e370c7c62d41405de8a0f7',
      },
      {
        address: 'policy.gate',
        kind: 'policy',
        digest: '7f2c43106364d8112fcc3060e4ab8b20f5d1a17d9cbf3c2540529663004adff8',
        path: 'gate.policy.yaml',
      },
      {
        address: 'query.fleet.vessel_by_imo',
        kind: 'query',
        digest: '4f924c1600e4e5da1b9b86c5e2415a34665f6e168f735af460b196970d1d93f9',
        path: 'queries/fleet.gq',
      },
      {
        address: 'schema.fleet',
        kind: 'schema',
        digest: '0c9f48183d3f458eaf407aa849f9422b2ecced2aae6c51c80e3fac8e5083c34b',
        path: 'fleet.pg',
      },
    ]);
    expect(desired.dependencies).toEqual([
      { from: 'policy.gate', to: 'graph.fleet' },
      { from: 'query.fleet.vessel_by_imo', to: 'graph.fleet' },
      { from: 'query.fleet.vessel_by_imo', to: 'schema.fleet' },
      { from: 'schema.fleet', to: 'graph.fleet' },
    ]);
    expect(desired.policies.get('gate')?.appliesTo).toEqual(['graph.fleet']);
    expect(desired.graphs.get('fleet')?.queries.get('vessel_by_imo')?.checked?.kind).toBe('read');
    expect(codes(defaultDenyWarnings(desired))).toEqual([
      'W external_blob_ingress_default_deny graphs.fleet.external_blobs',
    ]);
  });

  test('a provider, its binding and a blob policy reach composite and edges', async () => {
    const desired = await loadYaml(
      `version: 1
providers: { embedding: { default: { kind: mock, model: demo-8 } } }
graphs:
  fleet:
    schema: ./fleet.pg
    queries: queries/
    embedding_provider: provider.embedding.default
    external_blobs: { allow: [{ base: "S3://Harbour-Assets/fleet", scope: server_safe }] }
`,
    );
    expect(codes(desired.diagnostics)).toEqual([]);
    expect(desired.graphs.get('fleet')?.blobPolicy).toEqual({
      mode: 'allow',
      bases: [{ uri: 's3://harbour-assets/fleet/', scope: 'server_safe' }],
    });
    expect(desired.dependencies).toContainEqual({ from: 'graph.fleet', to: 'provider.embedding.default' });
    expect(desired.resources.get('provider.embedding.default')?.digest).toBe(
      '38c99f00ad7130fb7cb2b94458208dff3af509e01150b96b042f33244939f3de',
    );
    expect(codes(defaultDenyWarnings(desired))).toEqual([]);
  });

  test('names such as __proto__ and constructor are ordinary', async () => {
    const desired = await loadYaml(
      'version: 1\ngraphs:\n  __proto__: { schema: fleet.pg, queries: { constructor: { file: c.gq } } }\n  constructor: { schema: fleet.pg }\n',
      { 'c.gq': FLEET_GQ.replace('vessel_by_imo', 'constructor') },
    );
    expect(codes(desired.diagnostics)).toEqual(['W graph_id_not_servable graphs.__proto__']);
    expect([...desired.resources.keys()]).toEqual([
      'graph.__proto__',
      'graph.constructor',
      'query.__proto__.constructor',
      'schema.__proto__',
      'schema.constructor',
    ]);
  });

  test.each<[string, string]>([
    ['graphs: {}', 'version: 1\ngraphs: {}\n'],
    ['only a version', 'version: 1\n'],
    ['keys without a value', 'version: 1\nmetadata:\nstorage:\nstate:\nproviders:\ngraphs:\npolicies:\n'],
    ['explicit null for an optional string', 'version: 1\nstorage: null\n'],
    [
      'a key repeated in two list items',
      `version: 1\ngraphs: { fleet: { schema: fleet.pg, external_blobs: { allow: [{ base: "s3://a/", scope: server_safe }, { base: "s3://b/", scope: server_safe }] } } }\n`,
    ],
    ['aliases', `version: 1\ngraphs: { fleet: &f { schema: fleet.pg }, yard: *f }\n`],
    ['a quoted # in a value', `version: 1\nmetadata: { name: "a # b" }\n`],
    ['a lock switched off', 'version: 1\nstate: { backend: cluster, lock: false }\n'],
  ])('%s is legal', async (_, yaml) => checkYaml(yaml, []));
});

describe('what is refused before interpretation', () => {
  test.each<[string, string, readonly string[]]>([
    ['a repeated top-level key', 'version: 1\ngraphs: {}\ngraphs: {}\n', ['E duplicate_yaml_key graphs']],
    [
      'a key repeated in a list item',
      'version: 1\ngraphs:\n  fleet:\n    external_blobs:\n      allow:\n        - base: a\n          scope: x\n          scope: y\n',
      ['E duplicate_yaml_key graphs.fleet.external_blobs.allow[].scope'],
    ],
    [
      'a key repeated in a flow map',
      'version: 1\nstate: { lock: true, "lock": true }\n',
      ['E duplicate_yaml_key state.lock'],
    ],
    ['a reserved key', 'version: 1\npipelines: {}\n', ['E future_phase_field pipelines']],
    [
      'several',
      'version: 1\nui: {}\nversion: 1\nenv_file: x\n',
      ['E duplicate_yaml_key version', 'E future_phase_field ui', 'E future_phase_field env_file'],
    ],
    [
      'streaming',
      'version: 1\ngraphs: { fleet: { schema: s.pg, streaming: {} } }\n',
      ['E removed_streaming_declaration graphs.fleet.streaming'],
    ],
    ['a duplicate hides everything else', 'version: 2\nwat: 1\nversion: 2\n', ['E duplicate_yaml_key version']],
  ])('%s', async (_, yaml, expected) => checkYaml(yaml, expected));

  test.each(['apply', 'env_file', 'pipelines', 'embeddings', 'ui', 'aliases', 'bindings'])('reserved %s', (key) =>
    checkYaml(`version: 1\n${key}:\n`, [`E future_phase_field ${key}`]),
  );

  test('the message of a duplicate names key and line', async () => {
    const { diagnostics } = await loadYaml('version: 1\ngraphs: {}\ngraphs: {}\n');
    expect(diagnostics.map((each) => reportedDiagnostic(each))).toEqual([
      {
        code: 'duplicate_yaml_key',
        severity: 'error',
        path: 'graphs',
        message: 'cluster.yaml:3:1: key "graphs" on line 3 repeats the one on line 2; keep one of them',
      },
    ]);
  });
});

describe('strict decoding', () => {
  test.each<[string, string, string]>([
    ['an unknown top-level field', 'version: 1\nwat: 1\n', 'unknown field `wat`'],
    ['an unknown graph field', 'version: 1\ngraphs: { g: { schema: s.pg, schemas: s } }\n', 'unknown field `schemas`'],
    [
      'an unknown policy field',
      'version: 1\npolicies: { p: { file: f, applies_to: [], to: x } }\n',
      'unknown field `to`',
    ],
    ['an unknown provider family', 'version: 1\nproviders: { storage: {} }\n', 'unknown field `storage`'],
    [
      'an unknown query field',
      'version: 1\ngraphs: { g: { schema: s, queries: { q: { path: f } } } }\n',
      'unknown field `path`',
    ],
    ['a merge key', 'version: 1\ngraphs: { g: { <<: { schema: s } } }\n', 'unknown field `<<`'],
    ['no version', 'graphs: {}\n', 'missing field `version`'],
    ['an empty file', '', 'missing field `version`'],
    ['a graph without schema', 'version: 1\ngraphs: { g: { queries: q/ } }\n', 'missing field `schema`'],
    ['a graph without a value', 'version: 1\ngraphs:\n  g:\n', 'missing field `schema`'],
    ['a policy without applies_to', 'version: 1\npolicies: { p: { file: f } }\n', 'missing field `applies_to`'],
    [
      'a base without scope',
      'version: 1\ngraphs: { g: { schema: s, external_blobs: { allow: [{ base: s }] } } }\n',
      'missing field `scope`',
    ],
    [
      'an unknown scope',
      'version: 1\ngraphs: { g: { schema: s, external_blobs: { allow: [{ base: s, scope: any }] } } }\n',
      'unknown scope `any`',
    ],
    ['a string version', 'version: "1"\n', 'must be a non-negative integer'],
    ['a float version', 'version: 1.0\n', 'must be a non-negative integer'],
    ['a negative version', 'version: -1\n', 'must be a non-negative integer'],
    ['a string lock', 'version: 1\nstate: { lock: "yes" }\n', 'must be true or false'],
    ['a YAML 1.1 boolean', 'version: 1\nstate: { lock: yes }\n', 'must be true or false'],
    ['a scalar applies_to', 'version: 1\npolicies: { p: { file: f, applies_to: fleet } }\n', 'must be a list'],
    ['a number for a string', 'version: 1\nmetadata: { name: 7 }\n', 'must be a string'],
    ['a number among targets', 'version: 1\npolicies: { p: { file: f, applies_to: [7] } }\n', 'must be a string'],
    ['null for a map', 'version: 1\ngraphs: null\n', 'must be a mapping'],
    ['a tilde for a map', 'version: 1\nstate: ~\n', 'must be a mapping'],
    ['a list for a map', 'version: 1\ngraphs: []\n', 'must be a mapping'],
    ['a list document', '- version: 1\n', 'must be a mapping'],
    ['malformed YAML', 'version: 1\ngraphs: { fleet\n', ''],
    ['two documents', 'version: 1\n---\nversion: 1\n', ''],
  ])('%s', async (_, yaml, message) => {
    const { diagnostics, resources, configDigest } = await loadYaml(yaml);
    expect(codes(diagnostics)).toEqual(['E invalid_cluster_yaml cluster.yaml']);
    expect(diagnostics[0]?.message).toContain(message);
    expect(diagnostics[0]?.range).toBeDefined();
    expect(resources.size).toBe(0);
    expect(configDigest).toBeUndefined();
  });

  test('the configuration directory and file', async () => {
    const missing = memoryFolder({});
    expect(codes((await loadDesired(missing)).diagnostics)).toEqual(['E cluster_config_read_error cluster.yaml']);
    const noFolder = { ...missing, list: async () => ({ kind: 'missing', message: 'no such directory' }) as const };
    expect(codes((await loadDesired(noFolder)).diagnostics)).toEqual(['E config_dir_not_found harbour']);
  });
});

describe('header and providers', () => {
  const provider = (body: string): string => `version: 1\nproviders: { embedding: { default: ${body} } }\n`;
  const KEY = '$'.concat('{OPENAI_API_KEY}');
  const at = 'providers.embedding.default';
  test.each<[string, string, readonly string[]]>([
    ['another version', 'version: 2\n', ['E unsupported_cluster_config_version version']],
    ['a blank name', 'version: 1\nmetadata: { name: " " }\n', ['E empty_metadata_name metadata.name']],
    ['another backend', 'version: 1\nstate: { backend: s3 }\n', ['E unsupported_state_backend state.backend']],
    ['blank storage', 'version: 1\nstorage: " "\n', ['E invalid_storage_root storage']],
    ['no bucket', 'version: 1\nstorage: "s3://"\n', ['E invalid_storage_root storage']],
    ['credentials', 'version: 1\nstorage: "s3://me:secret@bucket/x"\n', ['E invalid_storage_root storage']],
    ['a query', 'version: 1\nstorage: "s3://bucket/x?region=y"\n', ['E invalid_storage_root storage']],
    ['an unknown scheme', 'version: 1\nstorage: gs://bucket\n', ['E invalid_storage_root storage']],
    ['a file host', 'version: 1\nstorage: file://host/x\n', ['E invalid_storage_root storage']],
    [
      'a bad provider name',
      'version: 1\nproviders: { embedding: { "1x": { kind: mock } } }\n',
      ['E invalid_resource_id providers.embedding.1x'],
    ],
    ['an unknown kind', provider(`{ kind: cohere, api_key: "${KEY}" }`), [`E invalid_embedding_provider ${at}`]],
    ['an inline key', provider('{ kind: openai, api_key: sk-1 }'), [`E embedding_api_key_inline ${at}.api_key`]],
    ['a blank reference', provider('{ api_key: "$'.concat('{ }" }')), [`E embedding_api_key_inline ${at}.api_key`]],
    ['no key', provider('{ kind: gemini }'), [`E embedding_api_key_required ${at}.api_key`]],
    ['no key and no kind', provider('{}'), [`E embedding_api_key_required ${at}.api_key`]],
    ['mock without a key', provider('{ kind: mock }'), []],
    ['the alias of kind', provider('{ provider: mock }'), []],
    ['a reference', provider(`{ api_key: " ${KEY} " }`), []],
    [
      'header errors do not stop resource checks',
      'version: 2\ngraphs: { g: { schema: ghost.pg } }\n',
      ['E unsupported_cluster_config_version version', 'E schema_file_missing graphs.g.schema'],
    ],
  ])('%s', async (_, yaml, expected) => checkYaml(yaml, expected));

  test('an inline key is never repeated', async () => {
    const { diagnostics } = await loadYaml(provider('{ kind: openai, api_key: sk-very-secret }'));
    expect(JSON.stringify(diagnostics)).not.toContain('sk-very-secret');
  });
});

describe('graphs', () => {
  const graph = (body: string): string => `version: 1\ngraphs:\n  fleet: { schema: fleet.pg, ${body} }\n`;
  const base = (...bases: readonly string[]): string =>
    graph(`external_blobs: { allow: [${bases.map((each) => `{ base: "${each}", scope: server_safe }`).join(', ')}] }`);
  test.each<[string, string, readonly string[], Files?]>([
    ['a bad id', 'version: 1\ngraphs: { "a.b": { schema: fleet.pg } }\n', ['E invalid_resource_id graphs.a.b']],
    [
      'an id no server routes to',
      'version: 1\ngraphs: { a_b: { schema: fleet.pg } }\n',
      ['W graph_id_not_servable graphs.a_b'],
    ],
    [
      'a dangling provider',
      graph('embedding_provider: ghost'),
      ['E dangling_embedding_provider_reference graphs.fleet.embedding_provider'],
    ],
    [
      'a reference of another kind',
      graph('embedding_provider: policy.gate'),
      ['E wrong_kind_reference graphs.fleet.embedding_provider'],
    ],
    [
      'a missing schema file',
      'version: 1\ngraphs: { fleet: { schema: ghost.pg } }\n',
      ['E schema_file_missing graphs.fleet.schema'],
    ],
    ['an unreadable schema file', graph(''), ['E schema_file_missing graphs.fleet.schema'], { 'fleet.pg': undefined }],
    [
      'a schema that does not parse',
      graph(''),
      ['E schema_parse_error graphs.fleet.schema'],
      { 'fleet.pg': 'node Vessel {' },
    ],
    [
      'a schema without a catalog',
      graph(''),
      ['E schema_catalog_error graphs.fleet.schema'],
      { 'fleet.pg': `${FLEET_PG}edge Tows: Vessel -> Ghost\n` },
    ],
    ['a missing query directory', graph('queries: ghost/'), ['E query_dir_unreadable graphs.fleet.queries']],
    [
      'an empty query directory',
      graph('queries: none'),
      ['W query_dir_empty graphs.fleet.queries'],
      { 'none/notes.txt': '', 'none/X.GQ': '' },
    ],
    ['a missing query file', graph('queries: ghost.gq'), ['E query_file_missing graphs.fleet.queries']],
    [
      'a missing query file in a map',
      graph('queries: { a: { file: ghost.gq } }'),
      ['E query_file_missing graphs.fleet.queries.a.file'],
    ],
    [
      'a query that does not parse',
      graph('queries: queries/'),
      ['E query_parse_error graphs.fleet.queries'],
      { 'queries/a.gq': 'query (' },
    ],
    [
      'a query in a map that does not parse',
      graph('queries: { a: { file: a.gq } }'),
      ['E query_parse_error graphs.fleet.queries.a'],
      { 'a.gq': 'query (' },
    ],
    [
      'a name in two files',
      graph('queries: queries/'),
      ['E duplicate_query_name graphs.fleet.queries.vessel_by_imo'],
      { 'queries/b.gq': FLEET_GQ },
    ],
    [
      'a path listed twice',
      graph('queries: [queries/fleet.gq, queries/]'),
      ['E duplicate_query_name graphs.fleet.queries.vessel_by_imo'],
    ],
    [
      'a key without a declaration',
      graph('queries: { other: { file: queries/fleet.gq } }'),
      ['E query_key_mismatch graphs.fleet.queries.other'],
    ],
    [
      'a query on an unknown type',
      graph('queries: queries/'),
      ['E query_typecheck_error graphs.fleet.queries.bad'],
      {
        'queries/bad.gq': 'query bad() {\n  match { $v: Ghost }\n  return { $v }\n}\n',
      },
    ],
    [
      'a query whose schema is invalid',
      graph('queries: queries/'),
      ['E schema_parse_error graphs.fleet.schema', 'W query_typecheck_skipped graphs.fleet.queries.vessel_by_imo'],
      { 'fleet.pg': 'node Vessel {' },
    ],
    [
      'a file base for servers',
      base('file:///tmp'),
      ['E invalid_external_blob_base graphs.fleet.external_blobs.allow[0].base'],
    ],
    [
      'nested bases',
      base('s3://b/a', 's3://b/a/c'),
      ['E invalid_external_blob_policy graphs.fleet.external_blobs.allow'],
    ],
    ['bases that only share letters', base('s3://b/a', 's3://b/ab'), []],
    [
      'a base without a bucket',
      base('s3:///a'),
      ['E invalid_external_blob_base graphs.fleet.external_blobs.allow[0].base'],
    ],
    [
      'a directory that does not exist',
      graph('external_blobs: { allow: [{ base: "file:///ghost", scope: embedded_only }] }'),
      ['E invalid_external_blob_base graphs.fleet.external_blobs.allow[0].base'],
    ],
  ])('%s', async (_, yaml, expected, files = {}) => checkYaml(yaml, expected, files));

  test('a directory registers every declaration of its .gq files, sorted, and nothing else', async () => {
    const desired = await loadYaml(graph('queries: queries/'), {
      'queries/b.gq': `${FLEET_GQ.replace('vessel_by_imo', 'z')}${FLEET_GQ.replace('vessel_by_imo', 'a')}`,
      'queries/notes.txt': 'query nothing',
      'queries/deep/c.gq': FLEET_GQ,
    });
    expect(codes(desired.diagnostics)).toEqual([]);
    const queries = [...(desired.graphs.get('fleet')?.queries.values() ?? [])];
    expect(queries.map(({ name, path }) => [name, path])).toEqual([
      ['a', 'queries/b.gq'],
      ['vessel_by_imo', 'queries/fleet.gq'],
      ['z', 'queries/b.gq'],
    ]);
    expect(new Set(queries.filter(({ path }) => path === 'queries/b.gq').map(({ digest }) => digest)).size).toBe(1);
  });

  test('a file base is an existing directory, kept as written', async () => {
    const yaml = graph('external_blobs: { allow: [{ base: "file:///srv/media", scope: embedded_only }] }');
    const desired = await load({ 'cluster.yaml': yaml }, ['/srv/media']);
    expect(desired.graphs.get('fleet')?.blobPolicy?.bases).toEqual([
      { uri: 'file:///srv/media/', scope: 'embedded_only' },
    ]);
  });

  test('a problem in a schema names its place there', async () => {
    const { diagnostics } = await load({ 'fleet.pg': `${FLEET_PG}edge Tows: Vessel -> Ghost\n` });
    const [problem] = diagnostics.map((each) => reportedDiagnostic(each));
    expect(problem).toMatchObject({ code: 'schema_catalog_error', path: 'graphs.fleet.schema' });
    expect(problem?.message).toMatch(/^fleet\.pg:5:\d+: catalog error: /);
  });
});

describe('policies', () => {
  const policies = (body: string): string =>
    `version: 1\ngraphs: { fleet: { schema: fleet.pg } }\npolicies: { ${body} }\n`;
  const gate = (targets: string): string => policies(`gate: { file: gate.policy.yaml, applies_to: [${targets}] }`);
  const at = 'policies.gate.applies_to';
  test.each<[string, string, readonly string[], Files?]>([
    [
      'a bad name',
      policies('"a b": { file: gate.policy.yaml, applies_to: [fleet] }'),
      ['E invalid_resource_id policies.a b'],
    ],
    ['no target', gate(''), [`E policy_missing_applies_to ${at}`]],
    [
      'a wrong kind and a ghost',
      gate('query.fleet.x, ghost'),
      [`E wrong_kind_reference ${at}[0]`, `E dangling_graph_reference ${at}[1]`],
    ],
    ['cluster and a graph', gate('cluster, fleet'), [`E policy_mixed_binding_kinds ${at}`]],
    ['the same graph twice', gate('fleet, graph.fleet'), []],
    [
      'two bundles on one graph',
      policies(
        'gate: { file: gate.policy.yaml, applies_to: [fleet] }, hall: { file: gate.policy.yaml, applies_to: [graph.fleet] }',
      ),
      ['E duplicate_policy_binding policies.hall.applies_to'],
    ],
    [
      'a missing file',
      policies('gate: { file: ghost.yaml, applies_to: [fleet] }'),
      ['E policy_file_missing policies.gate.file'],
    ],
    ['an invalid file', gate('fleet'), ['E policy_invalid policies.gate.file'], { 'gate.policy.yaml': 'version: 2\n' }],
    [
      'a server action on a graph',
      gate('fleet'),
      ['E policy_invalid policies.gate.file'],
      {
        'gate.policy.yaml':
          'version: 1\ngroups: { g: [a] }\nrules: [{ id: r, allow: { actors: { group: g }, actions: [graph_list] } }]\n',
      },
    ],
    [
      'a server action on the cluster',
      gate('cluster'),
      [],
      {
        'gate.policy.yaml':
          'version: 1\ngroups: { g: [a] }\nrules: [{ id: r, allow: { actors: { group: g }, actions: [graph_list] } }]\n',
      },
    ],
  ])('%s', async (_, yaml, expected, files = {}) => checkYaml(yaml, expected, files));

  test('a graph named cluster is reached as graph.cluster only', async () => {
    const yaml =
      'version: 1\ngraphs: { cluster: { schema: fleet.pg } }\npolicies: { a: { file: gate.policy.yaml, applies_to: [graph.cluster] }, b: { file: gate.policy.yaml, applies_to: [cluster] } }\n';
    const desired = await loadYaml(yaml);
    expect(codes(desired.diagnostics)).toEqual([]);
    expect([...desired.policies.values()].map(({ appliesTo }) => appliesTo)).toEqual([['graph.cluster'], ['cluster']]);
  });

  test('two bundles on one scope: both and the scope are named', async () => {
    const { diagnostics } = await loadYaml(
      policies(
        'gate: { file: gate.policy.yaml, applies_to: [fleet] }, hall: { file: gate.policy.yaml, applies_to: [fleet] }',
      ),
    );
    expect(diagnostics[0]?.message).toBe('policies "gate" and "hall" both govern graph.fleet');
  });
});

test('diagnostics come in the order header, providers, graphs, policies', () =>
  checkYaml(
    `version: 3
metadata: { name: "" }
policies: { z: { file: ghost, applies_to: [a] }, b: { file: gate.policy.yaml, applies_to: [] } }
graphs:
  b: { schema: ghost.pg, queries: ghost.gq, embedding_provider: none }
  a: { schema: fleet.pg, queries: { y: { file: queries/fleet.gq }, x: { file: queries/fleet.gq } } }
providers: { embedding: { q: {}, p: { kind: nope } } }
`,
    [
      'E unsupported_cluster_config_version version',
      'E empty_metadata_name metadata.name',
      'E invalid_embedding_provider providers.embedding.p',
      'E embedding_api_key_required providers.embedding.q.api_key',
      'E query_key_mismatch graphs.a.queries.x',
      'E query_key_mismatch graphs.a.queries.y',
      'E dangling_embedding_provider_reference graphs.b.embedding_provider',
      'E schema_file_missing graphs.b.schema',
      'E query_file_missing graphs.b.queries',
      'E policy_missing_applies_to policies.b.applies_to',
      'E policy_file_missing policies.z.file',
    ],
  ));

test('layout, comments and flow style change no digest', async () => {
  const plain = await load({});
  const laidOut = await loadYaml(
    '# ours\npolicies: { gate: { applies_to: ["fleet"], file: gate.policy.yaml } } # gate\ngraphs: { fleet: { queries: queries/, schema: fleet.pg } }\nversion: 1\n',
  );
  expect(laidOut.configDigest).toBe(plain.configDigest);
  const locked = await loadYaml(`${CLUSTER_YAML}state: { lock: true }\n`);
  expect(locked.configDigest).not.toBe(plain.configDigest);
  expect([...locked.resources.values()]).toEqual([...plain.resources.values()]);
});

test('a file is digested as it is: no newline or BOM is changed', async () => {
  const desired = await load({ 'gate.policy.yaml': '\uFEFFversion: 1\r\nrules: []\r\n' });
  const plain = await load({});
  expect(desired.resources.get('policy.gate')?.digest).not.toBe(plain.resources.get('policy.gate')?.digest);
});

test('a problem in a query names its file as the configuration does', async () => {
  const { diagnostics } = await load({
    'queries/bad.gq': 'query bad() {\n  match { $v: Ghost }\n  return { $v }\n}\n',
  });
  expect(diagnostics.map((each) => reportedDiagnostic(each).message)).toEqual([
    expect.stringMatching(/^queries\/bad\.gq:2:\d+: type error: /),
  ]);
});

test('every problem of a schema is told', async () => {
  const { diagnostics } = await load({
    'fleet.pg': `${FLEET_PG}edge Tows: Vessel -> Ghost\nedge Pulls: Ghoul -> Vessel\n`,
  });
  expect(codes(diagnostics).filter((each) => each.includes('schema_catalog_error')).length).toBe(2);
});
