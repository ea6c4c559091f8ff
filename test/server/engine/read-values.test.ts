/** Orders, sums and top-k: the parts whose edges queries over a small garden cannot reach. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExactSum } from '../../../server/src/engine/read/exact-sum.js';
import { compareValues } from '../../../server/src/engine/read/order-of-values.js';
import { orderedPositions } from '../../../server/src/engine/read/ordering.js';

describe('order of values', () => {
  test('strings compare by UTF-8 bytes', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'z', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '𐀀') });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareValues(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)));
      }),
    );
  });

  test.each([
    [9007199254740993n, 9007199254740992, 1],
    [3n, 3, 0],
    [2n, 2.5, -1],
    [Number.NaN, Number.POSITIVE_INFINITY, 1],
    [Number.NaN, Number.NaN, 0],
    [false, true, -1],
  ])('%s against %s', (left, right, order) => expect(compareValues(left, right)).toBe(order));
});

describe('sums', () => {
  const sum = (values: readonly number[]): number => {
    const total = new ExactSum();
    for (const value of values) total.add(value, 1);
    return total.value;
  };

  test.each([
    [[0.1, 0.2, 0.3], 0.6],
    [[1e308, 1, -1e308], 1],
    [[1e16, 1, 1, -1e16], 2],
    [[1e308, 1e308], Number.POSITIVE_INFINITY],
    [[], 0],
  ])('%s', (values, expected) => expect(sum(values)).toBe(expected));

  test('do not depend on the order of their terms', () => {
    const term = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 });
    fc.assert(
      fc.property(fc.array(term), (values) => {
        expect(sum(values)).toBe(sum(values.toReversed()));
      }),
    );
  });

  test('a term added many times at once is that many terms', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 50 }), (value, times) => {
        const total = new ExactSum();
        total.add(value, times);
        expect(total.value).toBe(sum(Array<number>(times).fill(value)));
      }),
    );
  });
});

test('the best few are the start of the whole order', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(5))), fc.nat(12), fc.boolean(), (values, limit, descending) => {
      const keys = [{ read: (position: number) => values[position] ?? null, descending }];
      const all = orderedPositions(values.length, keys, Number.POSITIVE_INFINITY);
      expect(orderedPositions(values.length, keys, limit)).toEqual(all.slice(0, limit));
    }),
  );
});
