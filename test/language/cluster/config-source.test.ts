/** Places in `cluster.yaml` for the editor, and parsing that never throws (design invariant 1). */
import fc from 'fast-check';
import {
  CLUSTER_CODES,
  clusterError,
  configPathAt,
  locateInConfig,
  parseClusterSource,
  readClusterConfig,
  readStorageDeclaration,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { CLUSTER_YAML } from './fleet.js';

const YAML = `version: 1
graphs:
  fleet:
    schema: fleet.pg
    queries: [a.gq, b.gq]
    external_blobs: { allow: [{ base: "s3://b/", scope: server_safe }] }
  yard: &yard
    schema: yard.pg
  copy: *yard
policies:
`;

const source = parseClusterSource(YAML, 'cluster.yaml');
const textOf = (range: { readonly offset: number; readonly length: number } | undefined): string | undefined =>
  range && YAML.slice(range.offset, range.offset + range.length);

describe('places', () => {
  test.each<[readonly (string | number)[], string | undefined, string]>([
    [['graphs', 'fleet', 'schema'], 'schema', 'fleet.pg'],
    [['graphs', 'fleet', 'queries', 1], undefined, 'b.gq'],
    [['graphs', 'fleet', 'external_blobs', 'allow', 0, 'base'], 'base', '"s3://b/"'],
    [['graphs', 'copy', 'schema'], 'schema', 'yard.pg'],
    [['policies'], 'policies', 'policies'],
  ])('%j', (path, key, value) => {
    const located = locateInConfig(source, path);
    expect(textOf(located?.key)).toBe(key);
    expect(textOf(located?.value)).toBe(value);
  });

  test.each([[['ghost']], [['version', 'x']], [['graphs', 'fleet', 'queries', 7, 'x']], [['graphs', 0]]])(
    '%j is nowhere',
    (path) => expect(locateInConfig(source, path)).toBeUndefined(),
  );

  test.each<[string, readonly (string | number)[]]>([
    ['fleet.pg', ['graphs', 'fleet', 'schema']],
    ['b.gq', ['graphs', 'fleet', 'queries', 1]],
    ['server_safe', ['graphs', 'fleet', 'external_blobs', 'allow', 0, 'scope']],
    ['policies', ['policies']],
  ])('the cursor on %s', (text, path) => expect(configPathAt(source, YAML.indexOf(text) + 1)).toEqual(path));
});

describe('whatever the text', () => {
  const pieces = [
    ...CLUSTER_YAML.split(/(?<=\s)|(?=[{}[\]:,&*#"'|>-])/),
    '\t',
    '\0',
    '{',
    '[',
    ': ',
    '- ',
    '&a ',
    '*a',
    '"',
    "'",
    '|',
    '!!x ',
    '%',
    '<<: ',
    '? ',
    '\uFEFF',
    '😀',
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => parts.join(''));

  test('reading never throws, and every diagnostic has a place', () =>
    fc.assert(
      fc.property(text, (yaml) => {
        const { config, diagnostics } = readClusterConfig(yaml, 'cluster.yaml');
        expect(config !== undefined || diagnostics.length > 0).toBe(true);
        for (const { range, code } of diagnostics) {
          expect(CLUSTER_CODES.has(code)).toBe(true);
          expect(range?.offset).toBeGreaterThanOrEqual(0);
        }
        readStorageDeclaration(yaml, 'cluster.yaml');
      }),
      { numRuns: 500 },
    ));

  test('the places of a broken file can still be asked for', () =>
    fc.assert(
      fc.property(text, fc.nat(200), (yaml, offset) => {
        const broken = parseClusterSource(yaml, 'cluster.yaml');
        expect(Array.isArray(configPathAt(broken, offset))).toBe(true);
        locateInConfig(broken, ['graphs', 'fleet', 'schema']);
      }),
      { numRuns: 300 },
    ));

  test.each(['a: &a [*a]\n', 'version: 1\ngraphs: &g { x: *g }\n', 'version: *ghost\n', '? [a, b]\n: 1\n', '*a : 1\n'])(
    '%j',
    (yaml) => expect(readClusterConfig(yaml, 'cluster.yaml').diagnostics.length).toBeGreaterThan(0),
  );
});

test.each<[string, unknown]>([
  ['storage: s3://bucket/p/\n', { kind: 's3', bucket: 'bucket', prefix: 'p', uri: 's3://bucket/p' }],
  ['storage: /srv/state/\n', { kind: 'local', path: '/srv/state' }],
  ['storage: file:///srv/a%20b\n', { kind: 'local', path: '/srv/a b' }],
  ['storage: ../state\n', { kind: 'local', path: '../state' }],
  ['storage: /\n', { kind: 'local', path: '/' }],
  ['storage:\n', { kind: 'config_dir' }],
  ['wat: 1\n', { kind: 'config_dir' }],
  ['', { kind: 'config_dir' }],
])('storage declared by %j', (yaml, storage) =>
  expect(readStorageDeclaration(yaml, 'cluster.yaml')).toEqual({ kind: 'declared', storage }),
);

test.each([
  ['storage: 7\n', 'rejected'],
  ['storage: gs://x\n', 'rejected'],
  ['storage: { \n', 'unparseable'],
])('%j is %s', (yaml, kind) => expect(readStorageDeclaration(yaml, 'cluster.yaml').kind).toBe(kind));

test('a diagnostic is of a known code', () =>
  expect(CLUSTER_CODES.get(clusterError('state_missing', 'x', 'y').code)?.area).toBe('command'));
