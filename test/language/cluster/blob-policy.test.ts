/** External blob bases: cluster.md §3.5. */
import { basesOverlap, isNormalizedPolicy, normalizeBlobBase, serverSafePolicy, sortBases } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

const normal = (text: string, scope: 'server_safe' | 'embedded_only' = 'embedded_only'): string | undefined => {
  const result = normalizeBlobBase(text, scope);
  return result.kind === 'base' ? result.base.uri : undefined;
};

describe('normal form', () => {
  test.each([
    ['S3://Bucket/a', 's3://bucket/a/'],
    ['s3://bucket', 's3://bucket/'],
    ['s3://bucket/', 's3://bucket/'],
    ['s3://b/a b', 's3://b/a%20b/'],
    ['s3://b/a%20b/', 's3://b/a%20b/'],
    ['s3://b/%7e-._x', 's3://b/~-._x/'],
    ['s3://b/é', 's3://b/%C3%A9/'],
    ['s3://b/😀', 's3://b/%F0%9F%98%80/'],
    ['s3://b/%c3%a9', 's3://b/%C3%A9/'],
    ['s3://b/a:b@c', 's3://b/a%3Ab%40c/'],
    ['file:///srv/Media', 'file:///srv/Media/'],
    ['FILE:///srv', 'file:///srv/'],
    ['file:///', 'file:///'],
  ])('%s is %s', (text, uri) => expect(normal(text)).toBe(uri));

  test.each([
    [' s3://b/'],
    ['s3://b/\n'],
    ['s3://b\\a'],
    ['s3:///a'],
    ['s3://me:pw@b/a'],
    ['s3://b:9000/a'],
    ['s3://b/a?x'],
    ['s3://b/a#x'],
    ['gs://b/a'],
    ['https://b/a'],
    ['b/a'],
    ['s3:b/a'],
    ['file://host/a'],
    ['file:relative'],
    ['s3://b/./a'],
    ['s3://b/../a'],
    ['s3://b/%2e%2E/a'],
    ['s3://b//a'],
    ['s3://b/a//'],
    ['s3://b/%zz'],
    ['s3://b/%'],
    ['s3://b/%2f'],
    ['s3://b/%5C'],
    ['s3://b/%25'],
    ['s3://b/%00'],
    ['s3://b/%ff'],
    [`s3://b/${'a'.repeat(65_536)}`],
    [''],
  ])('%j is refused', (text) => expect(normal(text)).toBeUndefined());

  test('a file base is never server_safe', () => expect(normal('file:///srv', 'server_safe')).toBeUndefined());

  test.each(['s3://b/a', 's3://b/a b/é', 'file:///x'])('normalizing %s twice changes nothing', (text) => {
    const once = normal(text) ?? '';
    expect(normal(once)).toBe(once);
  });
});

test.each([
  ['s3://b/a/', 's3://b/a/c/', true],
  ['s3://b/', 's3://b/a/', true],
  ['s3://b/a/', 's3://b/a/', true],
  ['s3://b/a/', 's3://b/ab/', false],
  ['s3://a/', 's3://b/', false],
])('%s and %s overlap: %s', (left, right, overlap) => {
  expect(basesOverlap(left, right)).toBe(overlap);
  expect(basesOverlap(right, left)).toBe(overlap);
});

test('bases are sorted by URI, then server_safe first', () =>
  expect(
    sortBases([
      { uri: 's3://b/', scope: 'embedded_only' },
      { uri: 's3://b/', scope: 'server_safe' },
      { uri: 's3://a/', scope: 'embedded_only' },
    ]).map(({ uri, scope }) => `${uri} ${scope}`),
  ).toEqual(['s3://a/ embedded_only', 's3://b/ server_safe', 's3://b/ embedded_only']));

describe('a recorded policy', () => {
  const policy = (...uris: readonly string[]) => ({
    mode: 'allow' as const,
    bases: uris.map((uri) => ({ uri, scope: 'server_safe' as const })),
  });
  test.each([
    [policy('s3://a/', 's3://b/'), true],
    [policy('s3://b/', 's3://a/'), false],
    [policy('s3://a/', 's3://a/b/'), false],
    [policy('s3://A/'), false],
    [policy(), false],
  ])('%j normalized: %s', (recorded, legal) => expect(isNormalizedPolicy(recorded)).toBe(legal));

  test('a server keeps only its server_safe bases', () => {
    const mixed = {
      mode: 'allow' as const,
      bases: [...policy('s3://a/').bases, { uri: 'file:///x/', scope: 'embedded_only' as const }],
    };
    expect(serverSafePolicy(mixed)).toEqual(policy('s3://a/'));
    expect(serverSafePolicy({ mode: 'allow', bases: mixed.bases.slice(1) })).toBeUndefined();
    expect(serverSafePolicy(undefined)).toBeUndefined();
  });
});
