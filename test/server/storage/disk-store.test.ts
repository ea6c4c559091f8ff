import { spawnSync } from 'node:child_process';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { openDiskStore, StorageError } from 'omnigraph-server/storage';
import { expect, test } from 'vitest';
import { bytesOf } from '../../support/object-store-conformance.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('leaves no temporary file behind, whoever wins', async () => {
  const folder = await temporaryFolder();
  const store = openDiskStore(folder);
  await store.write('a', bytesOf('1'));
  await Promise.all(Array.from({ length: 8 }, (_, racer) => store.putIfAbsent('b', bytesOf(`${racer}`))));
  expect((await readdir(folder)).sort()).toEqual(['a', 'b']);
});

test('an empty folder counts as something below the prefix', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'graphs', 'fleet.omni'), { recursive: true });
  const store = openDiskStore(folder);
  expect(await store.existsBelow('graphs/fleet.omni')).toBe(true);
  await store.deleteBelow('graphs/fleet.omni');
  expect(await store.existsBelow('graphs/fleet.omni')).toBe(false);
});

test('a link to a file is listed, a link to nothing is not', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'real'), 'x');
  await symlink('real', path.join(folder, 'good'));
  await symlink('missing', path.join(folder, 'broken'));
  expect(await openDiskStore(folder).list('')).toEqual(['good', 'real']);
});

test('any other failure is loud and names the operation and the place', async () => {
  const folder = await temporaryFolder();
  await mkdir(path.join(folder, 'taken'));
  const store = openDiskStore(folder);
  await expect(store.read('taken')).rejects.toThrow(StorageError);
  await expect(store.write('taken', bytesOf('x'))).rejects.toThrow(`write ${path.join(folder, 'taken')}`);
});

test('a replacement that was killed half-way holds up nobody, and leaves nothing', async () => {
  const folder = await temporaryFolder();
  const store = openDiskStore(folder);
  await store.write('ledger', bytesOf('1'));
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  await writeFile(path.join(folder, '.claim-ledger'), JSON.stringify({ pid: dead, host: hostname(), id: 'x' }));
  const tag = (await store.readVersioned('ledger'))?.etag;
  const won = await Promise.all(
    Array.from({ length: 8 }, async (_, at) => tag && store.putIfMatch('ledger', bytesOf(`by ${at}`), tag)),
  );
  expect(won.filter(Boolean)).toHaveLength(1);
  expect(await readdir(folder)).toEqual(['ledger']);
});

test('a claim or a half-written file is no object', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, '.claim-ledger'), '{}');
  await writeFile(path.join(folder, '.tmp-00000000-0000-4000-8000-000000000000'), 'half');
  expect(await openDiskStore(folder).list('')).toEqual([]);
});
