/** Tokens, stems and edits. query-language.md §7.2; stems: M. F. Porter's own examples. */
import { describe, expect, test } from 'vitest';
import { isWithinEdits } from '../../../server/src/engine/read/text/edit-distance.js';
import { stem } from '../../../server/src/engine/read/text/porter-stemmer.js';
import { tokenise } from '../../../server/src/engine/read/text/tokenise.js';

describe('tokens', () => {
  test.each([
    ['LAUREL dill', ['laurel', 'dill']],
    ['the quick, brown-fox', ['quick', 'brown', 'fox']],
    ['Crème brûlée, Søren', ['creme', 'brule', 'soren']],
    ['to be or not', []],
    ['x'.repeat(41), []],
    ['x'.repeat(40), ['x'.repeat(40)]],
    ['naïve 2024 東京', ['naiv', '2024', '東京']],
    ['', []],
  ])('%s', (text, terms) => expect(tokenise(text)).toEqual(terms));
});

test.each([
  ['caresses', 'caress'],
  ['ponies', 'poni'],
  ['ties', 'ti'],
  ['cats', 'cat'],
  ['feed', 'feed'],
  ['agreed', 'agre'],
  ['plastered', 'plaster'],
  ['bled', 'bled'],
  ['motoring', 'motor'],
  ['sing', 'sing'],
  ['conflated', 'conflat'],
  ['troubled', 'troubl'],
  ['sized', 'size'],
  ['hopping', 'hop'],
  ['falling', 'fall'],
  ['hissing', 'hiss'],
  ['filing', 'file'],
  ['happy', 'happi'],
  ['sky', 'sky'],
  ['relational', 'relat'],
  ['conditional', 'condit'],
  ['vietnamization', 'vietnam'],
  ['operator', 'oper'],
  ['sensibiliti', 'sensibl'],
  ['triplicate', 'triplic'],
  ['hopeful', 'hope'],
  ['goodness', 'good'],
  ['revival', 'reviv'],
  ['adjustment', 'adjust'],
  ['adoption', 'adopt'],
  ['replacement', 'replac'],
  ['probate', 'probat'],
  ['rate', 'rate'],
  ['cease', 'ceas'],
  ['controll', 'control'],
  ['roll', 'roll'],
])('the stem of %s is %s', (word, expected) => expect(stem(word)).toBe(expected));

test.each([
  ['kitten', 'sitting', 3],
  ['flaw', 'lawn', 2],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['same', 'same', 0],
  ['😀a', 'b', 2],
])('%s and %s are %i edits apart', (left, right, distance) => {
  expect(isWithinEdits(left, right, distance)).toBe(true);
  if (distance > 0) expect(isWithinEdits(left, right, distance - 1)).toBe(false);
});
