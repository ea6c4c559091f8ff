/** The obligations of cluster.md §7, as one suite that every storage backend must pass. */
import type { ETag, ObjectStore } from 'omnigraph-server/storage';
import { describe, expect, test } from 'vitest';

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

export interface ConformanceOptions {
  /** How many callers race in the exactly-once tests. */
  readonly racers?: number;
}

/** Runs the suite. `open` gives each test an empty store of its own. */
export function describeObjectStore(
  name: string,
  open: () => Promise<ObjectStore>,
  { racers = 20 }: ConformanceOptions = {},
): void {
  describe(`${name} keeps the storage contract`, () => {
    test('what is not there is a value: undefined, false, an empty list', async () => {
      const store = await open();
      expect(await store.read('a/b')).toBeUndefined();
      expect(await store.readVersioned('a/b')).toBeUndefined();
      expect(await store.exists('a/b')).toBe(false);
      expect(await store.existsBelow('a')).toBe(false);
      expect(await store.list('a')).toEqual([]);
      await store.delete('a/b');
      await store.deleteBelow('a');
    });

    test.each([
      ['text', bytesOf('hé {}\n')],
      ['nothing', new Uint8Array()],
      ['every byte', Uint8Array.from({ length: 256 }, (_, at) => at)],
      ['a megabyte', new Uint8Array(1 << 20).fill(7)],
    ])('reads back %s as written', async (_, bytes) => {
      const store = await open();
      await store.write('deep/er/object.bin', bytes);
      const stored = await store.read('deep/er/object.bin');
      // `toEqual` on a megabyte takes seconds.
      expect(stored && Buffer.compare(stored, bytes)).toBe(0);
    });

    test('a write replaces the whole object', async () => {
      const store = await open();
      await store.write('object', bytesOf('a long first version'));
      await store.write('object', bytesOf('short'));
      expect(textOf(await store.read('object'))).toBe('short');
    });

    test('a reader sees the old object or the new one, never a mixture', async () => {
      const store = await open();
      const versions = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
      await store.write('object', bytesOf(versions[0] ?? ''));
      const writing = versions.map((version) => store.write('object', bytesOf(version)));
      const seen = await Promise.all(Array.from({ length: 12 }, () => store.read('object')));
      await Promise.all(writing);
      for (const bytes of seen) expect(versions).toContain(textOf(bytes));
    });

    test('a change of what was read or written does not reach the store', async () => {
      const store = await open();
      const sent = bytesOf('safe');
      await store.write('object', sent);
      sent.fill(0);
      (await store.read('object'))?.fill(0);
      expect(textOf(await store.read('object'))).toBe('safe');
    });

    test(`of ${racers} concurrent creations exactly one wins, and its content is complete`, async () => {
      const store = await open();
      const content = (racer: number) => `${racer}:`.padEnd(5_000, 'x');
      const won = await Promise.all(
        Array.from({ length: racers }, (_, racer) => store.putIfAbsent('lock', bytesOf(content(racer)))),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(textOf(await store.read('lock'))).toBe(content(won.indexOf(true)));
      expect(await store.putIfAbsent('lock', bytesOf('late'))).toBe(false);
    });

    test('what was deleted can be created again', async () => {
      const store = await open();
      expect(await store.putIfAbsent('lock', bytesOf('1'))).toBe(true);
      await store.delete('lock');
      expect(await store.putIfAbsent('lock', bytesOf('2'))).toBe(true);
    });

    test('a conditional replacement passes with the current tag and hands out the next one', async () => {
      const store = await open();
      await store.write('ledger', bytesOf('1'));
      const first = await tagOf(store, 'ledger');
      const second = await store.putIfMatch('ledger', bytesOf('2'), first);
      expect(second).toBe(await tagOf(store, 'ledger'));
      expect(second).not.toBe(first);
      expect(await store.putIfMatch('ledger', bytesOf('3'), await tagOf(store, 'ledger'))).toBeDefined();
      expect(textOf(await store.read('ledger'))).toBe('3');
    });

    test('a conditional replacement is lost when the object changed or went', async () => {
      const store = await open();
      await store.write('ledger', bytesOf('1'));
      const stale = await tagOf(store, 'ledger');
      await store.write('ledger', bytesOf('2'));
      expect(await store.putIfMatch('ledger', bytesOf('3'), stale)).toBeUndefined();
      expect(textOf(await store.read('ledger'))).toBe('2');
      await store.delete('ledger');
      expect(await store.putIfMatch('ledger', bytesOf('3'), stale)).toBeUndefined();
      expect(await store.exists('ledger')).toBe(false);
    });

    test(`of ${racers} concurrent replacements of one version exactly one wins`, async () => {
      const store = await open();
      await store.write('ledger', bytesOf('start'));
      const tag = await tagOf(store, 'ledger');
      const tags = await Promise.all(
        Array.from({ length: racers }, (_, racer) => store.putIfMatch('ledger', bytesOf(`by ${racer}`), tag)),
      );
      const winners = tags.flatMap((next, racer) => (next === undefined ? [] : [racer]));
      expect(winners).toHaveLength(1);
      expect(textOf(await store.read('ledger'))).toBe(`by ${winners[0]}`);
    });

    test(`of ${racers} writers of the same content exactly one wins, of creations and of replacements`, async () => {
      const store = await open();
      const race = <T>(write: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: racers }, write));
      const created = await race(() => store.putIfAbsent('same', bytesOf('one')));
      expect(created.filter((won) => won)).toHaveLength(1);
      const etag = (await store.readVersioned('same'))?.etag;
      if (etag === undefined) throw new Error('the object was just created');
      const replaced = await race(() => store.putIfMatch('same', bytesOf('two'), etag));
      expect(replaced.filter((tag) => tag !== undefined)).toHaveLength(1);
      expect(textOf(await store.read('same'))).toBe('two');
    });

    test('lists the objects directly below a prefix, in code-unit order', async () => {
      const store = await open();
      for (const key of ['d/b.json', 'd/B.json', 'd/a.json', 'd/sub/c.json', 'd2/x.json', 'top.json']) {
        await store.write(key, bytesOf(key));
      }
      expect(await store.list('d')).toEqual(['B.json', 'a.json', 'b.json']);
      expect(await store.list('d/')).toEqual(['B.json', 'a.json', 'b.json']);
      expect(await store.list('')).toEqual(['top.json']);
    });

    test('lists the objects at any depth below a prefix, with size and time', async () => {
      const store = await open();
      for (const key of ['d/b.json', 'd/sub/deep/c.json', 'd/B.json', 'd2/x.json', 'top.json']) {
        await store.write(key, bytesOf(key));
      }
      const listed = await store.listBelow('d');
      expect(listed.map(({ key, size }) => [key, size])).toEqual([
        ['d/B.json', 8],
        ['d/b.json', 8],
        ['d/sub/deep/c.json', 17],
      ]);
      for (const { modified } of listed) expect(Math.abs(Date.now() - modified.getTime())).toBeLessThan(3_600_000);
      expect((await store.below('d').listBelow('sub')).map(({ key }) => key)).toEqual(['sub/deep/c.json']);
      expect(await store.listBelow('nowhere')).toEqual([]);
      expect(await store.listBelow('')).toHaveLength(5);
    });

    test('existence below a prefix counts what is at any depth, and no neighbour', async () => {
      const store = await open();
      await store.write('graphs/fleet.omni/nodes/1/data', bytesOf('x'));
      expect(await store.existsBelow('graphs/fleet.omni')).toBe(true);
      expect(await store.existsBelow('graphs/fleet')).toBe(false);
      expect(await store.existsBelow('graphs/fleet.omni/nodes/1/data')).toBe(true);
      expect(await store.exists('graphs/fleet.omni')).toBe(false);
    });

    test('deleting below a prefix takes the whole tree, and no neighbour', async () => {
      const store = await open();
      for (const key of ['g/fleet.omni/a', 'g/fleet.omni/deep/b', 'g/fleet.omni-2/c']) {
        await store.write(key, bytesOf(key));
      }
      await store.deleteBelow('g/fleet.omni');
      expect(await store.existsBelow('g/fleet.omni')).toBe(false);
      expect(await store.exists('g/fleet.omni-2/c')).toBe(true);
    });

    test('a store below a prefix is the same objects under shorter keys', async () => {
      const store = await open();
      const inner = store.below('graphs').below('fleet.omni');
      await inner.write('format.json', bytesOf('{}'));
      expect(textOf(await store.read('graphs/fleet.omni/format.json'))).toBe('{}');
      expect(inner.location).toBe(store.display('graphs/fleet.omni'));
      expect(inner.display('format.json')).toBe(store.display('graphs/fleet.omni/format.json'));
    });

    test('names such as __proto__, blanks and letters beyond ASCII are ordinary', async () => {
      const store = await open();
      const keys = ['__proto__', 'constructor', 'with blank', 'größe+%20&?'];
      for (const key of keys) await store.write(`n/${key}`, bytesOf(key));
      expect(await store.list('n')).toEqual([...keys].sort());
      for (const key of keys) expect(textOf(await store.read(`n/${key}`))).toBe(key);
    });

    test.each(['../up', 'a//b', '/abs', './a', 'a/..', ''])('refuses %j as a key', async (key) => {
      const store = await open();
      await expect(async () => store.write(key, bytesOf('x'))).rejects.toThrow(TypeError);
    });
  });
}

async function tagOf(store: ObjectStore, key: string): Promise<ETag> {
  const found = await store.readVersioned(key);
  if (found === undefined) throw new Error(`${key} is missing`);
  return found.etag;
}
