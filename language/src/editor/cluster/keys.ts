/** Every key of `cluster.yaml` with type, default and meaning: the one table behind completion and hover (cluster.md §3). */
import { EMBEDDING_KINDS } from '../../cluster/index.js';
import { type KeyShape, key, type ScalarShape, type ScalarValue, type YamlShape } from '../yaml/shape.js';

const scalar = (type: ScalarShape['type'], from: Partial<ScalarShape> = {}): ScalarShape => ({
  kind: 'scalar',
  type,
  ...from,
});

const map = (keys: Readonly<Record<string, KeyShape>>): YamlShape => ({
  kind: 'map',
  keys: new Map(Object.entries(keys)),
});

const KIND_DOCS: ReadonlyMap<string, string> = new Map([
  [
    'openai-compatible',
    'Any endpoint that speaks the OpenAI embedding protocol. The default; base URL `https://openrouter.ai/api/v1`.',
  ],
  ['openai', 'OpenAI itself; base URL `https://api.openai.com/v1`.'],
  ['gemini', 'Google Gemini; base URL `https://generativelanguage.googleapis.com/v1beta`.'],
  ['mock', 'Deterministic vectors without a network, for tests. Needs no key.'],
]);

const kinds: readonly ScalarValue[] = EMBEDDING_KINDS.map((value) => ({ value, doc: KIND_DOCS.get(value) ?? '' }));

const kindShape = scalar('string', { values: kinds });

const provider = map({
  kind: key('Which protocol the provider speaks.', 'one of a set', kindShape, { default: 'openai-compatible' }),
  provider: key('Which protocol the provider speaks.', 'one of a set', kindShape, { alias: 'kind' }),
  base_url: key('Where the endpoint is. A `/` at the end is dropped at use.', 'URL', scalar('string'), {
    default: 'by kind',
  }),
  model: key('Name of the embedding model.', 'string', scalar('string'), { default: 'by kind' }),
  api_key: key(
    `Reference to the environment variable with the key, \`\${NAME}\`. It is read where the server runs, and only at its start; a key itself must never stand here. Optional for \`mock\` alone.`,
    'environment reference',
    scalar('string', { source: 'env' }),
  ),
});

const queryPath = scalar('path', { source: 'query-path' });

const queries: YamlShape = {
  kind: 'either',
  forms: [
    queryPath,
    { kind: 'list', of: queryPath },
    {
      kind: 'named',
      what: 'query name',
      doc: 'The name of a `query` in the file; only the queries listed are registered.',
      of: map({
        file: key('The `.gq` file that declares the query.', 'path', scalar('path', { source: 'query-file' }), {
          required: true,
        }),
      }),
    },
  ],
};

const blobBase = map({
  base: key(
    'Where external blobs may lie: an absolute URI such as `s3://bucket/folder/` or `file:///folder/`.',
    'URI',
    scalar('string'),
    { required: true },
  ),
  scope: key(
    'Who may follow references below this base.',
    'one of a set',
    scalar('string', {
      values: [
        { value: 'server_safe', doc: 'Servers and embedded use. Only for `s3`.' },
        { value: 'embedded_only', doc: 'Embedded use alone; a server ignores the base. Needed for `file`.' },
      ],
    }),
    { required: true },
  ),
});

const graph = map({
  schema: key('The `.pg` file with the schema of the graph.', 'path', scalar('path', { source: 'schema-file' }), {
    required: true,
  }),
  queries: key(
    'Stored queries: a folder, a `.gq` file, a list of both, or a mapping from query names to files.',
    'path, list of paths, or mapping',
    queries,
  ),
  embedding_provider: key(
    'The provider that makes vectors for this graph: the name of one declared under `providers.embedding`.',
    'provider name',
    scalar('string', { source: 'provider' }),
  ),
  external_blobs: key(
    'Which storage locations blob columns may refer to. Without an entry, new external references are refused.',
    'mapping',
    map({
      allow: key('The allowed bases; no two may overlap.', 'list', { kind: 'list', of: blobBase }, { default: '[]' }),
    }),
  ),
});

const policy = map({
  file: key('The policy bundle.', 'path', scalar('path', { source: 'policy-file' }), { required: true }),
  applies_to: key(
    'What the bundle governs: graph ids, or `cluster` alone for the server itself. One scope has at most one bundle.',
    'list of scopes',
    { kind: 'list', of: scalar('string', { source: 'binding' }) },
    { required: true },
  ),
});

export const CLUSTER_SHAPE: YamlShape = map({
  version: key(
    'Version of the format.',
    'integer',
    scalar('integer', { values: [{ value: '1', doc: 'The only version.' }] }),
    { required: true },
  ),
  metadata: key(
    'What people call the cluster.',
    'mapping',
    map({ name: key('A label; it has no other effect.', 'string', scalar('string')) }),
  ),
  storage: key(
    'Where ledger, catalog and graphs are kept: `s3://bucket/prefix`, `file:///folder` or a path. Credentials come from the environment (`AWS_*`), never from here.',
    'storage root',
    scalar('string', { source: 'storage' }),
    { default: 'the folder of cluster.yaml' },
  ),
  state: key(
    'How commands keep out of each other’s way.',
    'mapping',
    map({
      backend: key(
        'Where the ledger is kept.',
        'one of a set',
        scalar('string', { values: [{ value: 'cluster', doc: 'In the storage root. The only backend.' }] }),
        { default: 'cluster' },
      ),
      lock: key(
        'Whether commands take the cluster lock.',
        'boolean',
        scalar('boolean', {
          values: [
            { value: 'true', doc: 'One command at a time.' },
            { value: 'false', doc: 'No lock: make sure yourself that no two commands run at once.' },
          ],
        }),
        { default: 'true' },
      ),
    }),
  ),
  providers: key(
    'Services that graphs use.',
    'mapping',
    map({
      embedding: key('Embedding providers by name.', 'mapping', {
        kind: 'named',
        what: 'provider name',
        doc: 'An embedding provider, which graphs name in `embedding_provider`. Its address is `provider.embedding.<name>`.',
        of: provider,
      }),
    }),
  ),
  graphs: key('The graphs of the cluster by id. `{}` empties the cluster.', 'mapping', {
    kind: 'named',
    what: 'graph id',
    doc: 'A graph. The id names it in policies, in addresses (`graph.<id>`) and in URLs, and decides where its data is stored.',
    of: graph,
  }),
  policies: key('Policy bundles by name: who may do what.', 'mapping', {
    kind: 'named',
    what: 'policy name',
    doc: 'A policy bundle and what it governs. Its address is `policy.<name>`.',
    of: policy,
  }),
});
