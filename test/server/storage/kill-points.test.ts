import { KILL_POINTS, KILL_VARIABLE, openStore } from 'omnigraph-server/storage';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';

test('a point has both sides of a write', () => {
  expect(KILL_POINTS).toContain('before_ledger_write');
  expect(KILL_POINTS).toContain('after_ledger_write');
  expect(KILL_POINTS).toHaveLength(new Set(KILL_POINTS).size);
});

test.each(['nowhere', 'after_ledger_write#0', 'after_ledger_write#x'])('%s is no kill point', async (text) => {
  const folder = await temporaryFolder();
  expect(() => openStore(folder, { [KILL_VARIABLE]: text })).toThrow(`names no kill point: "${text}"`);
});

test('an armed store does what the bare one does until its point comes', async () => {
  const store = openStore(await temporaryFolder(), { [KILL_VARIABLE]: 'after_ledger_write' });
  await store.below('graphs').write('a', new Uint8Array([1]));
  expect(await store.list('graphs')).toEqual(['a']);
  expect(await store.existsBelow('graphs')).toBe(true);
  await store.deleteBelow('graphs');
  expect(await store.exists('graphs/a')).toBe(false);
});
