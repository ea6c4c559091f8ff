import { expect, test } from 'vitest';
import { queryHover } from '../../../../language/src/editor/query/hover.js';
import { GARDEN_SCHEMA } from '../../query/garden.js';
import { ask, textIn } from './ask.js';

const SCHEMA = GARDEN_SCHEMA.replace('node Bed', '// Where plants stand.\n// In the garden.\nnode Bed').replace(
  'common: String @index',
  'common: String @index @description("What people call it.")',
);

/** The word under the cursor, and every line that the hover must say. */
async function checkHover(source: string, word: string, ...says: readonly string[]): Promise<void> {
  const { answer, text } = await ask(queryHover, 'textDocument/hover', source, {}, { schema: SCHEMA });
  const contents = answer?.contents;
  const value = typeof contents === 'object' && 'value' in contents ? contents.value : '';
  expect(answer?.range && textIn(text, answer.range)).toBe(word);
  for (const line of says) expect(value).toContain(line);
}

const M = (clauses: string): string => `query q($s: String, $n: I32) { match { ${clauses} } return { 1 as one } }`;

test.each<[source: string, word: string, ...says: string[]]>([
  [M('$p: Pl|ant'), 'Plant', 'node Plant', 'Key: `code`.', 'Used in query `q`.'],
  [M('$b: B|ed'), 'Bed', 'node Bed', 'Where plants stand.\nIn the garden.'],
  [
    M('$p: Plant { com|mon: $s }'),
    'common',
    'Plant.common: String',
    'What people call it.',
    'Required.',
    '@index(common)',
  ],
  [M('$p: Plant $p.hei|ght > 1'), 'height', 'Plant.height: I32?', 'May be null.'],
  [M('$p: Plant $p.sta|ge = "seed"'), 'stage', 'enum(mature, seed, sprout)'],
  [M('$|p: Plant'), '$p', '(node variable) $p: Plant'],
  [M('$p: Plant $p growsIn $|b'), '$b', '(node variable) $b: Bed'],
  [M('$p: Plant $p $|g:growsIn $b'), '$g', '(edge variable) $g: GrowsIn'],
  [M('$p: Plant { code: $|s }'), '$s', '(parameter) $s: String', 'A JSON string.', 'Used once.'],
  [`query q($|s: String) { match { $p: Plant } return { $p } }`, '$s', 'Never used.'],
  [M('$p: Plant $p grow|sIn $b'), 'growsIn', 'edge GrowsIn: Plant -> Bed', 'Forward', 'any number'],
  [M('$b: Bed $b grow|sIn $p'), 'growsIn', 'Backward'],
  [M('$p: Plant $p <sha|des> $q'), 'shades', 'In both directions'],
  ['query q() { match { $p: Plant } return { count($p) as to|tal } }', 'total', '(column) total: I64'],
  ['query q() { match { $p: Plant } return { min($p.common) as a } order { |a } }', 'a', '(column) a: String?'],
  ['query q() { match { $p: Plant } return { cou|nt($p) as n } }', 'count', 'count(value): I64', 'Counts the rows'],
  ['query q() { match { $p: Plant ne|arest($p.vec, "x") } return { $p } }', 'nearest', 'nearest(field, query): F64'],
  ['query q() { mat|ch { $p: Plant } return { $p } }', 'match', 'What to find'],
  ['query q() { match { $p: Plant no|t { $p shades $q } } return { $p } }', 'not', 'Leaves out rows'],
  ['query q($s: Str|ing) { match { $p: Plant } return { $p } }', 'String', 'A JSON string.'],
  ['query q() @descr|iption("x") { match { $p: Plant } return { $p } }', '@description', 'Says what the query is for'],
  [M('$p: Plant $p.common starts_|with $s'), 'starts_with', 'The text begins with'],
  ['query q() { insert GrowsIn { fr|om: "a", to: "b" } }', 'from', 'GrowsIn.from: id of Plant', 'keyed by `code`'],
  ['query q() { insert GrowsIn { from: "a", t|o: "b" } }', 'to', 'GrowsIn.to: id of Bed'],
  ['query q() { delete Plant where co|de = "a" }', 'code', 'Plant.code: String'],
  [
    '// Finds them all.\nquery al|l($s: String) @description("Every plant.") { match { $p: Plant } return { $p.code, count($p) as n } }',
    'all',
    'query all($s: String)',
    'Every plant.',
    'Finds them all.',
    'Returns `code` string, `n` bigint?.',
    'Touches `Plant`.',
  ],
  ['query ad|d() { insert Memo { text: "a" } }', 'add', 'A mutation: it writes.'],
])('says at %s', checkHover);

test.each(['query q() { |  }', '// a com|ment\nquery q() { }', 'query q() { match { $p: Nop|e } return { 1 as x } }'])(
  'has nothing to say at %s',
  async (source) => {
    expect((await ask(queryHover, 'textDocument/hover', source)).answer).toBeNull();
  },
);
