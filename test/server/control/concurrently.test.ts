/** Bounded parallelism: never more than the limit under way, results in order, a failure blocks nobody. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { atMost, mapConcurrently } from '../../../server/src/control/concurrently.js';

test('never more than the limit at once, and all of them in the end', async () => {
  const inTurn = atMost(3);
  let [running, most] = [0, 0];
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      inTurn(async () => {
        running += 1;
        most = Math.max(most, running);
        await delay(at % 3);
        running -= 1;
        return at;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(results).toEqual(Array.from({ length: 20 }, (_, at) => at));
});

test('a failed task gives its place to the next', async () => {
  const inTurn = atMost(1);
  const failing = inTurn(() => Promise.reject(new Error('no')));
  const next = inTurn(async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
  expect(await inTurn(async () => 'again')).toBe('again');
});

test('results keep the order of the items, whichever ends first', async () =>
  expect(await mapConcurrently([5, 1, 3], async (wait) => delay(wait, wait))).toEqual([5, 1, 3]));
