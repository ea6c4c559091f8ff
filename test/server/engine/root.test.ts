import { createRequire } from 'node:module';
import { graphLocation, initGraph, readGraphRoot } from 'omnigraph-server/engine';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** CommonJS modules of the native engine that this process has loaded. */
const nativeModules = (): readonly string[] =>
  Object.keys(createRequire(import.meta.url).cache).filter((file) => /@lancedb/.test(file));

test('reading a root loads no native module; creating a graph does', async () => {
  const location = graphLocation(await temporaryFolder(), {});
  expect(await readGraphRoot(location.store)).toEqual({ kind: 'absent' });
  expect(nativeModules()).toEqual([]);
  await initGraph(location, { schemaSource: 'node A { k: String @key }\n', actor: null });
  expect(nativeModules()).not.toEqual([]);
  expect((await readGraphRoot(location.store)).kind).toBe('open');
});

test('a root that cannot be reached is not taken for a damaged one', async () => {
  const { store } = graphLocation(await temporaryFolder(), {});
  await store.write('format.json/blocked', new Uint8Array());
  expect(await readGraphRoot(store)).toMatchObject({ kind: 'unreadable', cause: 'unreachable' });
});
