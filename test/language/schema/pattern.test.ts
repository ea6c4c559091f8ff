/** The regular expressions of `@check`: schema-language.md §17. */
import { compilePattern } from 'omnigraph-language';
import { expect, test } from 'vitest';

function checkPattern(pattern: string, text: string, found: boolean): void {
  const compiled = compilePattern(pattern);
  if ('problem' in compiled) throw new Error(`${pattern}: ${compiled.problem}`);
  expect(compiled.matches(text)).toBe(found);
}

const MATCHES: readonly (readonly [pattern: string, text: string, found: boolean])[] = [
  ['b', 'abc', true],
  ['^b', 'abc', false],
  ['^a.c$', 'abc', true],
  ['A', 'abc', false],
  ['(?i)B', 'abc', true],
  ['a$', 'a\n', false],
  ['(?m)^b$', 'a\nb', true],
  ['a.b', 'a\nb', false],
  ['(?s)a.b', 'a\nb', true],
  ['^\\d+$', '٣', true],
  ['^\\D$', '٣', false],
  ['^[\\d]+$', '٣4', true],
  ['^\\w+$', 'Zürich_東京', true],
  ['^\\W$', 'é', false],
  ['^[^\\W_]+$', 'é9', true],
  ['^[^\\W_]+$', 'é_', false],
  ['^[\\S]$', '\u00a0', false],
  ['^\\s$', '\u00a0', true],
  ['^\\S$', 'x', true],
  ['\\bcat\\b', 'a cat sat', true],
  ['^\\p{Greek}+$', 'λόγος', true],
  ['^\\pL$', 'ß', true],
  ['(?P<year>\\d{4})', 'in 2024', true],
  ['(?<year>\\d{4})', 'in 2024', true],
  ['(?x) a b # note\n c', 'abc', true],
  ['(?x: a b ) c', 'ab c', true],
  ['(?x)a\\ b[ c]', 'a bc', true],
  ['(?i-s:A.)', 'a\n', false],
  ['^[]a]+$', ']a', true],
  ['^[[:alpha:]]+$', 'abc', true],
  ['^\\u{1F600}$', '😀', true],
  ['^\\u00e9$', 'é', true],
  ['^.$', '😀', true],
  ['^[a&b]+$', 'a&b', true],
];

test.each(MATCHES)('%s on %j', checkPattern);

const REFUSED: readonly (readonly [pattern: string, says: RegExp])[] = [
  ['(', /missing/],
  ['[a', /not closed/],
  ['a**', /invalid|repetition/],
  ['(?=a)', /./],
  ['(?<=a)b', /./],
  ['(a)\\1', /./],
  ['[a&&b]', /&&/],
  ['[a[b]]', /nested/],
  ['\\Qa\\E', /\\Q/],
  ['(?R)a', /flag `R`/],
  ['(?-u)a', /-u/],
  ['a\\', /backslash/],
  ['\\u{zz}', /hexadecimal/],
];

test.each(REFUSED)('%s is refused', (pattern, says) => {
  const compiled = compilePattern(pattern);
  expect('problem' in compiled ? compiled.problem : 'accepted').toMatch(says);
  expect(compiled).toHaveProperty('problem');
});

test('matching takes linear time: nested repetition over a long text ends', () => {
  checkPattern('^(a+)+$', `${'a'.repeat(50_000)}b`, false);
});
