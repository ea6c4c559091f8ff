import { openMemoryStore } from 'omnigraph-server/storage';
import { expect, test } from 'vitest';
import {
  CommitLog,
  type CommitRecord,
  MAIN_INCARNATION,
  readBranches,
  writeFirstRegistry,
} from '../../../server/src/engine/log/index.js';

const record = (sequence: number, id: string): CommitRecord => ({
  commit: {
    graph_commit_id: id,
    graph_branch: null,
    graph_manifest_version: sequence,
    parent_commit_id: null,
    merged_parent_commit_id: null,
    actor_id: null,
    created_at: sequence,
  },
  schema: { ir: 'sha256:0', source: 'sha256:1', since: 1 },
  tables: new Map([
    [
      'node:__proto__',
      { typeId: 1, incarnation: 2, path: 'nodes/1-2-x.lance', version: 3, branch: null, entityCount: 4 },
    ],
  ]),
});

async function logOf(ids: readonly string[]) {
  const store = openMemoryStore();
  const log = new CommitLog(store, MAIN_INCARNATION, 1);
  for (const [at, id] of ids.entries()) await log.append(record(at + 1, id));
  return { store, log };
}

const fresh = (store: ReturnType<typeof openMemoryStore>) => new CommitLog(store, MAIN_INCARNATION, 1);

const names = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `c${String(at + 1).padStart(4, '0')}`);

test('a record comes back whole', async () => {
  const { store } = await logOf(['a']);
  expect(await fresh(store).head()).toEqual(record(1, 'a'));
});

test('an empty log has no head and no commits', async () => {
  const { log } = await logOf([]);
  expect(await log.head()).toBeUndefined();
  expect(await log.find('a')).toBeUndefined();
});

test('of any number of appends of one number exactly one succeeds', async () => {
  const { store } = await logOf(['a']);
  const outcomes = await Promise.all(Array.from({ length: 8 }, (_, at) => fresh(store).append(record(2, `b${at}`))));
  expect(outcomes.filter((won) => won)).toHaveLength(1);
  const winner = outcomes.indexOf(true);
  expect((await fresh(store).head())?.commit.graph_commit_id).toBe(`b${winner}`);
});

test('a log sees at once what another one appended', async () => {
  const { store, log } = await logOf(['a']);
  const other = fresh(store);
  for (let sequence = 2; sequence < 40; sequence += 1) {
    await other.append(record(sequence, `x${sequence}`));
    if (sequence % 3 === 0) expect((await log.head())?.commit.graph_manifest_version).toBe(sequence);
  }
});

test.each([1, 15, 16, 17, 33, 100])(
  'the head of %i commits is found with an old, a fresh and no hint',
  async (count) => {
    const { store, log } = await logOf(names(count));
    expect((await fresh(store).head())?.commit.graph_manifest_version).toBe(count);
    await log.writeHint();
    expect((await fresh(store).head())?.commit.graph_manifest_version).toBe(count);
    await log.append(record(count + 1, 'z'));
    expect((await fresh(store).head())?.commit.graph_manifest_version).toBe(count + 1);
  },
);

test('every commit is found by its id in a few reads', async () => {
  const { store } = await logOf(names(100));
  for (const id of names(100)) expect((await fresh(store).find(id))?.commit.graph_commit_id).toBe(id);
  expect(await fresh(store).find('c0050x')).toBeUndefined();
  let reads = 0;
  const counting = new Proxy(store, {
    get: (target, name) => {
      if (name === 'read') reads += 1;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  await fresh(counting).find('c0003');
  expect(reads).toBeLessThan(12);
});

test('ids out of time order are found all the same', async () => {
  const ids = ['m', 'c', 'z', 'a', 'q', 'b'];
  const { store } = await logOf(ids);
  for (const id of ids) expect((await fresh(store).find(id))?.commit.graph_commit_id).toBe(id);
});

test('a hole in the log is an error naming it', async () => {
  const { store } = await logOf(names(5));
  await store.delete('log/main/0000000000000003.json');
  const log = fresh(store);
  await store.write('log/main/head.json', Buffer.from('{"head":5}'));
  await expect(log.find('c0001')).rejects.toMatchObject({ message: expect.stringContaining('0000000000000003.json') });
});

test('the first registry names main alone; a missing or corrupt one is an error naming it', async () => {
  const store = openMemoryStore();
  await expect(readBranches(store)).rejects.toMatchObject({ message: expect.stringContaining('branches/') });
  await writeFirstRegistry(store);
  expect([...(await readBranches(store)).values()]).toEqual([{ name: 'main', incarnation: 'main', fork: null }]);
  await store.write('branches/0000000000000002.json', Buffer.from('{"registry_version":2}'));
  await expect(readBranches(store)).rejects.toMatchObject({
    message: expect.stringContaining('unknown registry_version 2'),
  });
});
