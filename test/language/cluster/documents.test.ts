/** The stored documents: cluster.md §8. What is written can be read back; what is not understood is refused. */
import {
  type Approval,
  checkComposites,
  graphComposite,
  type Ledger,
  type LockDocument,
  parseApproval,
  parseLedger,
  parseLock,
  parseSidecar,
  renewComposites,
  type Sidecar,
  serializeApproval,
  serializeLedger,
  serializeLock,
  serializeSidecar,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

const SCHEMA = 'a'.repeat(64);
const QUERY = 'b'.repeat(64);

const composite = graphComposite({
  id: '__proto__',
  schema: SCHEMA,
  queries: new Map([['q', QUERY]]),
  blobPolicy: { mode: 'allow', bases: [{ uri: 's3://b/', scope: 'server_safe' }] },
});

const LEDGER: Ledger = {
  version: 1,
  state_revision: 3,
  applied_revision: {
    config_digest: null,
    resources: new Map([
      [
        'graph.__proto__',
        {
          digest: composite,
          external_blob_policy: { mode: 'allow', bases: [{ uri: 's3://b/', scope: 'server_safe' }] },
        },
      ],
      ['policy.gate', { digest: QUERY, applies_to: ['graph.__proto__'] }],
      ['provider.embedding.d', { digest: QUERY, embedding_profile: { kind: 'mock', model: 'demo-8' } }],
      ['query.__proto__.q', { digest: QUERY }],
      ['schema.__proto__', { digest: SCHEMA }],
    ]),
  },
  resource_statuses: new Map([
    ['graph.__proto__', { status: 'applied' }],
    ['policy.gate', { status: 'blocked', conditions: ['approval_required'] }],
  ]),
  approval_records: new Map([['01J', { consumed_at: '2031-01-01T00:00:00Z', consumed_by_operation: 'apply' }]]),
  recovery_records: new Map(),
  observations: new Map([['graph.__proto__', { kind: 'graph', graph_manifest_version: 4 }]]),
};

const ledgerJson = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ version: 1, ...changes });

describe('ledger', () => {
  test('what is written reads back, and writes the same bytes', () => {
    const text = serializeLedger(LEDGER);
    const reading = parseLedger(text);
    expect(reading).toEqual({ kind: 'ledger', ledger: LEDGER });
    expect(reading.kind === 'ledger' && serializeLedger(reading.ledger)).toBe(text);
  });

  test('the stored form is pretty, sorted and ends with a newline', () => {
    const resources = new Map([
      ['schema.b', { digest: '1' }],
      ['7', { digest: '2' }],
      ['graph.b', { digest: '3', embedding_provider: 'provider.embedding.d' }],
    ]);
    const text = serializeLedger({
      ...LEDGER,
      applied_revision: { config_digest: 'x', resources },
      resource_statuses: new Map([['graph.b', { status: 'drifted', conditions: [], message: 'm' }]]),
      approval_records: new Map(),
      observations: new Map(),
    });
    expect(text).toMatchInlineSnapshot(`
      "{
        "version": 1,
        "state_revision": 3,
        "applied_revision": {
          "config_digest": "x",
          "resources": {
            "7": {
              "digest": "2"
            },
            "graph.b": {
              "digest": "3",
              "embedding_provider": "provider.embedding.d"
            },
            "schema.b": {
              "digest": "1"
            }
          }
        },
        "resource_statuses": {
          "graph.b": {
            "status": "drifted",
            "message": "m"
          }
        },
        "approval_records": {},
        "recovery_records": {},
        "observations": {}
      }
      "
    `);
  });

  test('everything but the version has a default', () =>
    expect(parseLedger('{"version":1}')).toEqual({
      kind: 'ledger',
      ledger: {
        version: 1,
        state_revision: 0,
        applied_revision: { config_digest: null, resources: new Map() },
        resource_statuses: new Map(),
        approval_records: new Map(),
        recovery_records: new Map(),
        observations: new Map(),
      },
    }));

  const resource = (entry: unknown) => ledgerJson({ applied_revision: { resources: { 'graph.a': entry } } });
  test.each<[string, string, 'not_json' | 'refused', string]>([
    ['empty', '', 'not_json', 'invalid_state_json'],
    ['torn', '{"version":1,"state_rev', 'not_json', 'invalid_state_json'],
    ['a list', '[]', 'refused', 'invalid_state_json'],
    ['no version', '{}', 'refused', 'invalid_state_json'],
    ['a string version', '{"version":"1"}', 'refused', 'invalid_state_json'],
    ['version 2', '{"version":2,"new":true}', 'refused', 'unsupported_state_version'],
    ['an unknown field', ledgerJson({ extra: 1 }), 'refused', 'invalid_state_json'],
    ['an unknown applied field', ledgerJson({ applied_revision: { at: 1 } }), 'refused', 'invalid_state_json'],
    ['a resource without digest', resource({}), 'refused', 'invalid_state_json'],
    ['an unknown resource field', resource({ digest: 'x', wat: 1 }), 'refused', 'invalid_state_json'],
    [
      'a denying policy',
      resource({ digest: 'x', external_blob_policy: { mode: 'deny' } }),
      'refused',
      'invalid_state_json',
    ],
    [
      'an unknown base field',
      resource({
        digest: 'x',
        external_blob_policy: { mode: 'allow', bases: [{ uri: 'u', scope: 'server_safe', x: 1 }] },
      }),
      'refused',
      'invalid_state_json',
    ],
    [
      'an unknown status',
      ledgerJson({ resource_statuses: { a: { status: 'fine' } } }),
      'refused',
      'invalid_state_json',
    ],
    ['a negative revision', ledgerJson({ state_revision: -1 }), 'refused', 'invalid_state_json'],
    [
      'contradicting manifest versions',
      ledgerJson({ observations: { 'graph.a': { manifest_version: 1, graph_manifest_version: 2 } } }),
      'refused',
      'conflicting_graph_manifest_observation',
    ],
  ])('%s', (_, text, kind, code) =>
    expect(parseLedger(text)).toMatchObject({
      kind,
      diagnostic: { code, severity: 'error', path: '__cluster/state.json', remedy: expect.any(String) },
    }),
  );

  test('an unknown field is named with its place', () => {
    const reading = parseLedger(resource({ digest: 'x', wat: 1 }));
    expect(reading.kind === 'refused' && reading.diagnostic.message).toContain(
      'unknown field applied_revision.resources.graph.a.wat',
    );
  });

  test('the old spelling of a manifest version is folded', () => {
    const reading = parseLedger(ledgerJson({ observations: { 'graph.a': { kind: 'graph', manifest_version: 4 } } }));
    expect(reading.kind === 'ledger' && reading.ledger.observations.get('graph.a')).toEqual({
      kind: 'graph',
      graph_manifest_version: 4,
    });
  });
});

describe('composites', () => {
  const { resources } = LEDGER.applied_revision;

  test('an untouched ledger checks', () => expect(checkComposites(resources)).toEqual([]));

  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['a forged blob policy', 'graph.__proto__', { external_blob_policy: undefined }],
    ['a forged provider', 'graph.__proto__', { embedding_provider: 'provider.embedding.d' }],
    ['another query digest', 'query.__proto__.q', { digest: SCHEMA }],
    ['another schema digest', 'schema.__proto__', { digest: QUERY }],
  ])('%s is found, and renewing heals it', (_, address, change) => {
    const forged = new Map(resources).set(address, { digest: '', ...resources.get(address), ...change });
    expect(checkComposites(forged)).toMatchObject([
      { code: 'external_blob_policy_digest_mismatch', path: 'graph.__proto__', severity: 'error' },
    ]);
    expect(checkComposites(renewComposites(forged))).toEqual([]);
  });

  test('renewing records the metadata it is told to', () => {
    const renewed = renewComposites(resources, () => ({ embedding_provider: 'provider.embedding.d' }));
    expect(renewed.get('graph.__proto__')).toEqual({
      digest: graphComposite({
        id: '__proto__',
        schema: SCHEMA,
        queries: new Map([['q', QUERY]]),
        provider: { address: 'provider.embedding.d', digest: QUERY },
      }),
      embedding_provider: 'provider.embedding.d',
    });
  });
});

const LOCK: LockDocument = {
  version: 1,
  lock_id: '01J',
  operation: 'apply',
  created_at: '2031-02-03T04:05:06Z',
  pid: 4711,
};

describe('lock', () => {
  test('round trip', () => expect(parseLock(serializeLock(LOCK), 'error')).toEqual({ value: LOCK, diagnostics: [] }));

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['an unknown field', { host: 'x' }, 'invalid_state_lock'],
    ['an unknown operation', { operation: 'deploy' }, 'invalid_state_lock'],
    ['no pid', { pid: undefined }, 'invalid_state_lock'],
    ['version 2', { version: 2 }, 'unsupported_state_lock_version'],
  ])('%s', (_, change, code) => {
    const text = JSON.stringify({ ...LOCK, ...change });
    for (const severity of ['warning', 'error'] as const) {
      expect(parseLock(text, severity)).toMatchObject({
        value: undefined,
        diagnostics: [{ code, severity, path: '__cluster/lock.json' }],
      });
    }
  });
});

const SIDECAR: Sidecar = {
  schema_version: 1,
  operation_id: '01JS',
  started_at: '2031-02-03T04:05:06Z',
  actor: null,
  kind: 'graph_delete',
  graph_id: 'yard',
  graph_uri: '/srv/graphs/yard.omni',
  observed_manifest_version: 7,
  expected_manifest_version: null,
  desired_schema_digest: '',
  state_cas_base: 'sha256:x',
  approval_id: '01JA',
};

describe('sidecar', () => {
  const read = (change: Readonly<Record<string, unknown>>, stem = '01JS') =>
    parseSidecar(JSON.stringify({ ...SIDECAR, ...change }), stem, '__cluster/recoveries/01JS.json');

  test('round trip', () =>
    expect(parseSidecar(serializeSidecar(SIDECAR), '01JS', 'x')).toEqual({ kind: 'sidecar', sidecar: SIDECAR }));

  test('nullable fields may be missing', () => {
    const missing = { actor: undefined, expected_manifest_version: undefined, state_cas_base: undefined };
    const reading = read({ ...missing, approval_id: undefined });
    expect(reading).toMatchObject({
      kind: 'sidecar',
      sidecar: { actor: null, expected_manifest_version: null, state_cas_base: null },
    });
  });

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['an unknown field', { wat: 1 }, 'invalid_recovery_sidecar'],
    ['an unknown kind', { kind: 'graph_rename' }, 'invalid_recovery_sidecar'],
    ['an illegal graph id', { graph_id: '../../etc' }, 'invalid_recovery_sidecar'],
    ['another operation id than its name', { operation_id: '01JX' }, 'invalid_recovery_sidecar'],
    ['version 2', { schema_version: 2 }, 'unsupported_recovery_sidecar_version'],
  ])('%s', (_, change, code) =>
    expect(read(change)).toMatchObject({ kind: 'invalid', diagnostic: { code, severity: 'warning' } }),
  );

  test.each(['', ' '])('a blank graph id %j is unattributed', (graph_id) =>
    expect(read({ graph_id }).kind).toBe('unattributed'),
  );
});

const APPROVAL: Approval = {
  schema_version: 1,
  approval_id: '01JA',
  resource: 'graph.yard',
  operation: 'delete',
  reason: 'gone',
  bound_config_digest: 'c',
  bound_before_digest: 'b',
  bound_after_digest: null,
  approved_by: 'mira',
  created_at: '2031-02-03T04:05:06Z',
  consumed_at: null,
  consumed_by_operation: null,
};

describe('approval', () => {
  test('round trip', () =>
    expect(parseApproval(serializeApproval(APPROVAL), 'x')).toEqual({ value: APPROVAL, diagnostics: [] }));

  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['an unknown field', { wat: 1 }, 'invalid_approval_artifact'],
    ['no approver', { approved_by: undefined }, 'invalid_approval_artifact'],
    ['an unknown operation', { operation: 'rename' }, 'invalid_approval_artifact'],
    ['version 2', { schema_version: 2 }, 'unsupported_approval_version'],
  ])('%s', (_, change, code) =>
    expect(parseApproval(JSON.stringify({ ...APPROVAL, ...change }), 'place')).toMatchObject({
      value: undefined,
      diagnostics: [{ code, severity: 'warning', path: 'place' }],
    }),
  );
});
