import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import {
  type Catalog,
  type CompiledQueries,
  compileQueries,
  createQueryCompiler,
  isError,
  parseQueries,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { CORPUS, hasCorpus } from '../../support/corpus.js';
import { catalogOf } from './garden.js';

interface Source {
  readonly name: string;
  readonly text: string;
  readonly catalog: Catalog;
}

function readCorpus(): readonly Source[] {
  return ['industry-intel', 'second-brain'].flatMap((cluster) => {
    const catalog = catalogOf(readFileSync(join(CORPUS, cluster, 'schema.pg'), 'utf8'));
    const folder = join(CORPUS, cluster, 'queries');
    return readdirSync(folder)
      .sort()
      .map((name) => ({ name: `${cluster}/${name}`, text: readFileSync(join(folder, name), 'utf8'), catalog }));
  });
}

const corpus = hasCorpus ? readCorpus() : [];

describe.runIf(hasCorpus)('the corpus', () => {
  test.each(corpus)('$name compiles without a problem', ({ text, catalog }) => {
    const { queries, diagnostics } = compileQueries(text, catalog);
    expect(diagnostics.filter(isError)).toEqual([]);
    expect(queries.length).toBe(text.match(/^query /gm)?.length);
    expect(queries.every(({ plan }) => plan !== undefined)).toBe(true);
  });
});

const MUTATIONS = 5000;
const SECOND = 1000;
const NEIGHBOURS = 3;
const FRAGMENTS = [
  ...[
    '{',
    '}',
    '(',
    ')',
    '[',
    ']',
    '"',
    '\\',
    '/*',
    '*/',
    '//',
    '\n',
    '<',
    '>',
    ',',
    ':',
    '.',
    '$',
    '$x',
    '@',
    '?',
    '-',
  ],
  ...[
    'query',
    '\nquery x(',
    'match',
    'return',
    'not {',
    'order {',
    'limit',
    'as',
    'insert',
    'update',
    'delete',
    'where',
  ],
  ...[
    '$_',
    '$a: Person',
    'nearest(',
    'rrf(',
    'count(',
    'contains',
    'null',
    'now()',
    '1',
    '1.5',
    '99999999999999999999',
  ],
  ...['é', '\uD83C', '🌱', '\u0000', '{1,', 'Vector(0)', 'true', '<knows>', '= ='],
];

/** One edit: what is cut out at a place, and what is put there; places are fractions of the text. */
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat({ max: 12 }),
  put: fc.oneof(fc.constant(''), fc.constantFrom(...FRAGMENTS)),
});

const mutated = (text: string, edits: readonly { at: number; cut: number; put: string }[]): string =>
  edits.reduce((current, { at, cut, put }) => {
    const start = Math.floor(at * current.length);
    return current.slice(0, start) + put + current.slice(start + cut);
  }, text);

function checkRanges({ queries, diagnostics, declarations }: CompiledQueries, length: number): void {
  for (const declaration of declarations) {
    const { variables = [], occurrences = [] } = declaration.symbols ?? {};
    for (const { span } of [...variables, ...occurrences]) {
      if (span.length < 1 || span.offset + span.length > declaration.length) throw new Error('symbol outside');
    }
  }
  const ranges = [
    ...queries.flatMap(({ range, nameRange }) => [range, nameRange]),
    ...diagnostics.flatMap(({ range, related = [] }) => [range, ...related.map((one) => one.range)]),
  ];
  for (const range of ranges) {
    if (range === undefined) throw new Error('every problem has a range');
    if (range.length < 1 || range.offset < 0 || range.offset + range.length > length) {
      throw new Error(`range outside the text of ${length}: ${JSON.stringify(range)}`);
    }
  }
}

/** A few neighbouring declarations at a time: as telling as whole files, and much quicker. */
const excerpts = corpus.flatMap(({ text, catalog }) => {
  const declarations = text.split(/\n(?=query )/);
  return declarations.flatMap((_, at) =>
    at % NEIGHBOURS === 0 ? [{ text: declarations.slice(at, at + NEIGHBOURS).join('\n'), catalog }] : [],
  );
});

describe.runIf(hasCorpus)('mutated corpus queries', () => {
  test(`${MUTATIONS} of them: no throw, no slow text, ranges inside, incremental equals cold`, () => {
    const compilers = excerpts.map(() => createQueryCompiler());
    let slowest = 0;
    fc.assert(
      fc.property(
        fc.nat({ max: Math.max(0, excerpts.length - 1) }),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (index, edits) => {
          const source = excerpts[index];
          if (source === undefined) throw new Error('the index is inside the excerpts');
          const text = mutated(source.text, edits);
          const started = performance.now();
          const cold = compileQueries(text, source.catalog);
          slowest = Math.max(slowest, performance.now() - started);
          checkRanges(cold, text.length);
          if (!isDeepStrictEqual(compilers[index]?.compile(text, source.catalog), cold))
            throw new Error('incremental ≠ cold');
          expect(parseQueries(text).queries.length).toBe(cold.queries.length);
        },
      ),
      { numRuns: MUTATIONS, seed: 20_240 },
    );
    expect(slowest).toBeLessThan(SECOND);
  }, 300_000);
});

test('rubbish never throws', () => {
  const { catalog } = corpus[0] ?? { catalog: catalogOf('node A { x: I32 }') };
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string()), { maxLength: 40 }), (parts) => {
      const text = parts.join(' ');
      checkRanges(compileQueries(text, catalog), text.length);
    }),
    { numRuns: 1000, seed: 20_241 },
  );
});

test.each([
  ['not blocks', 'query q() { match { ', 'not { ', '$a = 1', '}', ' } return { 1 } }'],
  ['lists', 'query q() { match { $a = ', '[', '1', ']', ' } return { 1 } }'],
  ['calls', 'query q() { match { $a: A } return { ', 'count(', '$a', ')', ' } }'],
  ['braces', '', '{', '', '}', ''],
])('very deep %s are refused, not run into the ground', (_what, head, open, middle, close, tail) => {
  const text = `${head}${open.repeat(20_000)}${middle}${close.repeat(20_000)}${tail}`;
  const [first] = compileQueries(text, catalogOf('node A { x: I32 }')).diagnostics;
  expect(first?.code).toBe('nested-too-deeply');
});

test.each([
  ['open comments', '/* '.repeat(100_000)],
  ['comparisons without an end', `query q() { match { ${'$a < '.repeat(20_000)} } return { 1 } }`],
  ['errors in one query', `query q() { match { $a: A ${'$a.x > , '.repeat(10_000)} } return { 1 } }`],
  ['open strings', Array.from({ length: 500 }, (_, at) => `query q${at}() { match { $a = "} }\n`).join('')],
])('many %s end in a parse error', (_what, text) => {
  expect(parseQueries(text).diagnostics[0]?.stage).toBe('P');
});
