import { isResourceId, isServableGraphId, parseAddress } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

describe('addresses', () => {
  test.each([
    ['graph.fleet', { kind: 'graph', graph: 'fleet' }],
    ['graph.__proto__', { kind: 'graph', graph: '__proto__' }],
    ['schema.fleet', { kind: 'schema', graph: 'fleet' }],
    ['query.fleet.vessel_by_imo', { kind: 'query', graph: 'fleet', query: 'vessel_by_imo' }],
    ['query.fleet.a.b', { kind: 'query', graph: 'fleet', query: 'a.b' }],
    ['query.fleet', { kind: 'unknown' }],
    ['policy.gate', { kind: 'policy', policy: 'gate' }],
    ['provider.embedding.default', { kind: 'embedding_provider', provider: 'default' }],
    ['provider.storage.default', { kind: 'unknown' }],
    ['graph.', { kind: 'unknown' }],
    ['view.fleet', { kind: 'unknown' }],
  ])('%s', (address, parsed) => expect(parseAddress(address)).toEqual(parsed));

  test.each([
    ['fleet', true],
    ['_x-1', true],
    ['__proto__', true],
    ['constructor', true],
    ['1fleet', false],
    ['-x', false],
    ['a.b', false],
    ['', false],
    ['flötte', false],
  ])('resource id %j: %s', (name, legal) => expect(isResourceId(name)).toBe(legal));

  test.each([
    ['fleet', true],
    ['1fleet', true],
    ['a_b', false],
    ['graphs', false],
    ['healthz', false],
    ['x'.repeat(64), true],
    ['x'.repeat(65), false],
  ])('servable id %j: %s', (name, servable) => expect(isServableGraphId(name)).toBe(servable));
});
