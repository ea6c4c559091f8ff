/**
 * Whatever the text, a compilation ends, never throws, points inside the text, and is the same whether the compiler
 * starts cold or carries on from another text; what it yields can be planned and formatted. Mutates real schemas; the corpus lies outside the repository.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import {
  type Catalog,
  compileSchema,
  createSchemaCompiler,
  formatSchema,
  hasErrors,
  planMigration,
  splitDeclarations,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';

const CORPUS = resolve(process.env.OMNIGRAPH_CORPUS ?? join(import.meta.dirname, '../../../../shared/corpus'));
const MUTATIONS = 5_000;
const CPU_LIMIT_MICROSECONDS = 1_000_000;

const corpusFiles = existsSync(CORPUS)
  ? readdirSync(CORPUS, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.pg'))
      .sort()
  : [];
if (corpusFiles.length === 0) {
  process.stderr.write(`skipped: no .pg file under ${CORPUS}; set OMNIGRAPH_CORPUS to a folder that has some\n`);
}

/** Runs of neighbouring declarations, with the comments between them. */
const excerpts: readonly string[] = corpusFiles.flatMap((name) => {
  const text = readFileSync(join(CORPUS, name), 'utf8');
  const starts = splitDeclarations(text).map((piece) => piece.offset);
  return starts.map((start, index) => text.slice(start, starts[index + 4]));
});

const FRAGMENTS = [
  '{',
  '}',
  '(',
  ')',
  '[',
  '"',
  '/*',
  '*/',
  '//',
  '@',
  '@key(',
  '@card(',
  '..',
  '->',
  ',',
  '\n',
  '\nnode X {',
  '\nedge R: A -> B',
  ' enum(',
  '-',
  '\u00a0',
  '\uFEFF',
  '😀',
  '\\',
  'implements',
  ': String',
  '<',
  '$',
  '1.',
  'Vector(99999999999)',
  '\0',
];

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
  insert: fc.oneof(fc.constant(''), fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 5 })),
});

const mutated = fc
  .tuple(fc.constantFrom(...(excerpts.length > 0 ? excerpts : [''])), fc.array(edit, { minLength: 1, maxLength: 4 }))
  .map(([text, edits]) =>
    edits.reduce((current, { at, remove, insert }) => {
      const offset = Math.floor(at * current.length);
      return current.slice(0, offset) + insert + current.slice(offset + remove);
    }, text),
  );

describe.runIf(corpusFiles.length > 0)('mutated corpus schemas', () => {
  test(`${MUTATIONS} mutations`, () => {
    const compiler = createSchemaCompiler();
    let previous: Catalog | undefined;
    fc.assert(
      fc.property(mutated, (text) => {
        const before = process.cpuUsage();
        const cold = compileSchema(text);
        const { user, system } = process.cpuUsage(before);
        expect(user + system).toBeLessThan(CPU_LIMIT_MICROSECONDS);
        for (const { range } of cold.diagnostics) {
          const [start, end] = [range?.offset ?? -1, (range?.offset ?? 0) + (range?.length ?? 0)];
          expect(start >= 0 && end > start && end <= text.length).toBe(true);
        }
        expect(compiler.compile(text)).toEqual(cold);
        if (cold.catalog !== undefined) {
          expect(planMigration(cold.catalog, cold.catalog).steps).toEqual([]);
          if (previous !== undefined) expect(planMigration(previous, cold.catalog)).toHaveProperty('supported');
          previous = cold.catalog;
        }
        if (cold.catalog !== undefined && !hasErrors(cold.diagnostics)) {
          const formatted = formatSchema(text);
          expect(compileSchema(formatted).catalog?.shapeHash).toBe(cold.catalog.shapeHash);
          expect(formatSchema(formatted)).toBe(formatted);
        }
      }),
      { numRuns: MUTATIONS, seed: 20_261_124 },
    );
  }, 600_000);

  test.each(corpusFiles)('%s compiles without errors', (name) => {
    const text = readFileSync(join(CORPUS, name), 'utf8');
    expect(compileSchema(text).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

test('pieces cover the text in order, and only blanks and comments lie between them', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('node X {', '}', 'edge R: A -> B', ...FRAGMENTS, ' ', 'a: I32')), (parts) => {
      const text = parts.join('');
      let at = 0;
      for (const piece of splitDeclarations(text)) {
        expect(text.slice(at, piece.offset)).toMatch(
          /^\uFEFF?(?:[ \t\r\n]|\/\/[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*$/,
        );
        expect(text.slice(piece.offset, piece.offset + piece.text.length)).toBe(piece.text);
        at = piece.offset + piece.text.length;
      }
      expect(text.slice(at)).toMatch(/^\uFEFF?(?:[ \t\r\n]|\/\/[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*$/);
    }),
    { numRuns: 1_000 },
  );
});
