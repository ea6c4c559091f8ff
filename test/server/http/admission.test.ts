import { describe, expect, test } from 'vitest';
import { admissionLimits, openAdmission } from '../../../server/src/http/admission.js';

describe('admission (server.md §9)', () => {
  test('caps count per actor, and what is released can be taken again', () => {
    const admission = openAdmission({ inFlight: 1, bytes: 100 });
    const leave = admission.enter('a', 10);
    expect(() => admission.enter('a', 10)).toThrow(
      expect.objectContaining({ status: 429, headers: { 'Retry-After': '60' } }),
    );
    admission.enter('b', 10)();
    leave();
    admission.enter('a', 10)();
  });

  test('bytes under way are capped too, and a refused request takes nothing', () => {
    const admission = openAdmission({ inFlight: 9, bytes: 100 });
    const leave = admission.enter(null, 60);
    expect(() => admission.enter(null, 41)).toThrow(/anonymous.*101 bytes.*cap is 100/);
    admission.enter(null, 40)();
    leave();
  });

  test.each([
    ['', 16, 0],
    ['3', 3, 0],
    ['0', 0, 0],
    ['many', 16, 1],
    ['-1', 16, 1],
  ])('OMNIGRAPH_PER_ACTOR_INFLIGHT_MAX=%j', (text, expected, warnings) => {
    const warned: string[] = [];
    expect(
      admissionLimits({ OMNIGRAPH_PER_ACTOR_INFLIGHT_MAX: text }, (message) => warned.push(message)).inFlight,
    ).toBe(expected);
    expect(warned).toHaveLength(warnings);
  });
});
