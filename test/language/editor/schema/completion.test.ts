import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSchemaCompiler, scanTokens } from 'omnigraph-language';
import { expect, test } from 'vitest';
import { schemaDocument, sourceText } from '../../../../language/src/editor/documents-snapshot.js';
import { completionsAt } from '../../../../language/src/editor/schema/completion.js';
import { CORPUS, hasCorpus } from '../../../support/corpus.js';
import { unmarked } from '../symbols/fixture.js';

const compiler = createSchemaCompiler();
const documentOf = (text: string) => schemaDocument(sourceText('file:///w/schema.pg', 1, text), compiler);

function checkCompletion(marked: string): readonly string[] {
  const { text, offset } = unmarked(marked);
  return completionsAt(documentOf(text), offset, { snippets: true }).map(({ label }) => label);
}

const TYPES = ['String', 'Bool', 'I32', 'I64', 'U32', 'U64', 'F32', 'F64', 'Date', 'DateTime', 'Blob'];
const WORDS = ['node', 'edge', 'interface'];
const CONSTRAINTS = ['@key(…)', '@unique(…)', '@index(…)', '@range(…)', '@check(…)'];
const ON_NODE = ['@description', '@instruction', '@rename_from'];
const ON_PROPERTY = ['@key', '@unique', '@index', '@embed', '@description', '@rename_from'];
const ON_EDGE_PROPERTY = ['@unique', '@index', '@description', '@rename_from'];
const T =
  'interface I { a: String } interface J { b: I32 @index } node T implements I { s: String t: String? n: I32 l: [String] v: Vector(8) }\n';

test.each<[string, readonly string[]]>([
  ['|', WORDS],
  ['no|', WORDS],
  ['node A {}\n|', WORDS],
  ['node A {} ed|', WORDS],
  ['// comment |', []],
  ['/* comment | */', []],
  ['node |', []],
  ['edge E: A -> B\nnode |', ['A', 'B']],
  ['node A implements Named {}\ninterface |', ['Named']],
  ['node A |', ['implements', ...ON_NODE]],
  ['node A @|', ON_NODE],
  ['node A @des|', ON_NODE],
  ['node A @description("x") |', ['implements', ...ON_NODE]],
  ['interface I |', []],
  [`${T}node A implements |`, ['I', 'J']],
  [`${T}node A implements I, |`, ['J']],
  [`${T}node A implements I, | {}`, ['J']],
  [`${T}node A implements I |`, []],
  [`${T}edge E |`, []],
  [`${T}edge E: |`, ['T']],
  [`${T}edge E: |\nnode B {}`, ['T', 'B']],
  [`${T}edge E: T -> |`, ['T']],
  [`${T}edge E: T|`, ['T']],
  [`${T}edge E: T -> T |`, ['@card', ...ON_NODE, ...WORDS]],
  [`${T}edge E: T -> T @card(|)`, ['0..1', '1..1', '0..', '1..']],
  [`${T}edge E: T -> T @card(0..1) |`, [...ON_NODE, ...WORDS]],
  ['node A { a: | }', [...TYPES, 'enum', 'Vector', '[ ]']],
  ['node A { a: Str| }', [...TYPES, 'enum', 'Vector', '[ ]']],
  ['node A {\n    a: |', [...TYPES, 'enum', 'Vector', '[ ]']],
  ['node A {\n    a: |\n    b: I32\n}', [...TYPES, 'enum', 'Vector', '[ ]']],
  ['node A { a: [|] }', TYPES.slice(0, -1)],
  ['node A { a: Vector(|) }', ['384', '768', '1024', '1536', '3072']],
  [`${T}node A { a: Vector(|) }`, ['8', '384', '768', '1024', '1536', '3072']],
  ['node A { s: enum(a, b) } node B { s: enum(a, |) }', ['b']],
  ['node A { | }', CONSTRAINTS],
  ['edge E: A -> A { | }', ['@unique(…)', '@index(…)']],
  ['interface A { | }', []],
  [`${T}node A implements I, J { | }`, ['a', 'b', ...CONSTRAINTS]],
  ['node A { a: String | }', ['?', ...ON_PROPERTY, ...CONSTRAINTS]],
  ['node A { a: String? | }', [...ON_PROPERTY, ...CONSTRAINTS]],
  ['node A { a: String @index | }', [...ON_PROPERTY, ...CONSTRAINTS]],
  ['node A { a: String @| }', [...ON_PROPERTY, ...CONSTRAINTS]],
  ['node A { a: String @in| }', [...ON_PROPERTY, ...CONSTRAINTS]],
  ['interface A { a: String @| }', ON_PROPERTY],
  ['edge E: A -> A { a: String @| }', [...ON_EDGE_PROPERTY, '@unique(…)', '@index(…)']],
  ['node A { a: enum(x, y) | }', ['?', ...ON_PROPERTY, ...CONSTRAINTS]],
  ['node A { @| }', CONSTRAINTS],
  ['node A { @key(a) | }', CONSTRAINTS],
  ['node A { a: String b: I32 c: String? d: [I32] @key(|) }', ['a', 'b']],
  ['node A { a: String b: I32 @key(a, |) }', ['b']],
  ['node A { a: String b: I32? l: [I32] v: Vector(2) @unique(|) }', ['a', 'b']],
  ['node A { a: String v: Vector(2) @index(|) }', ['a', 'v']],
  ['node A { a: String b: I32 c: F64? @range(|) }', ['b', 'c']],
  ['node A { b: I32 @range(b, |) }', []],
  ['node A { a: String b: I32 @check(|) }', ['a']],
  ['edge E: A -> A { w: I32 @unique(|) }', ['w', 'src', 'dst']],
  ['edge E: A -> A { w: I32 @unique(src, |) }', ['w', 'dst']],
  ['interface I { a: String } node A implements I { @key(|) }', ['a']],
  ['node A { a: String b: I32 v: Vector(2) @embed(|) }', ['a']],
  ['node A { a: String b: I32 v: Vector(2) @embed("|") }', ['a']],
  ['node A { a: String v: Vector(2) @embed(a, |) }', ['model']],
  ['node A { a: String @description("|") }', []],
  ['node A { a: String @rename_from("|', []],
  ['node A {\n    a: |\n\nnode B {}', [...TYPES, 'enum', 'Vector', '[ ]']],
  ['node A implements \n\nnode B {|}', CONSTRAINTS],
])('completes %s', (marked, labels) => {
  expect(checkCompletion(marked)).toEqual(labels);
});

test('what is written replaces the word that is typed, its @ included', () => {
  const { text, offset } = unmarked('node A {\n    a: String @in|\n}');
  const index = completionsAt(documentOf(text), offset, { snippets: true }).find(({ label }) => label === '@index');
  const start = { line: 1, character: 14 };
  expect(index?.textEdit).toEqual({ range: { start, end: { line: 1, character: 17 } }, newText: '@index' });
});

test('a client without snippets gets words', () => {
  const { text, offset } = unmarked('|');
  const items = completionsAt(documentOf(text), offset, { snippets: false });
  expect(items.map(({ textEdit, insertTextFormat }) => [textEdit?.newText, insertTextFormat])).toEqual(
    WORDS.map((label) => [label, undefined]),
  );
});

test('every item of every place has documentation or a detail', () => {
  for (const marked of [
    '|',
    'node A { a: | }',
    'node A { a: String @| }',
    `${T}edge E: |`,
    'node A { a: I32 @key(|) }',
  ]) {
    const { text, offset } = unmarked(marked);
    const items = completionsAt(documentOf(text), offset, { snippets: true });
    expect(items.filter(({ documentation, detail }) => documentation === undefined && detail === undefined)).toEqual(
      [],
    );
  }
});

const DEMO = fileURLToPath(new URL('../../../../cli/demo/operations/operations.pg', import.meta.url));
const schemas = [
  DEMO,
  ...(hasCorpus ? ['industry-intel', 'second-brain'].map((name) => join(CORPUS, name, 'schema.pg')) : []),
];

test.each(schemas)('at every token of %s the word that stands there is offered', (path) => {
  const text = readFileSync(path, 'utf8');
  let checked = 0;
  for (const { offset, word, length = word.length } of offeredWords(text)) {
    const without = text.slice(0, offset) + text.slice(offset + length);
    const labels = completionsAt(documentOf(without), offset, { snippets: true }).map(({ label }) => label);
    expect(labels, `at ${offset} before ${text.slice(offset, offset + 40)}`).toContain(word);
    checked += 1;
  }
  expect(checked).toBeGreaterThan(5);
});

const COLUMN_TAKERS = ['key', 'unique', 'index', 'range', 'check'];

interface OfferedWord {
  readonly offset: number;
  readonly word: string;
  /** Of what is taken away to ask for it, unless all of the word. */
  readonly length?: number | undefined;
}

/** Tokens whose word the language or the file itself determines, as labels. */
function offeredWords(text: string): readonly OfferedWord[] {
  const tokens = [...scanTokens(text)].filter(({ kind }) => !['space', 'line-comment', 'block-comment'].includes(kind));
  return tokens.flatMap(({ text: word, offset }, at) => {
    const [before, next, afterNext] = [tokens[at - 1]?.text, tokens[at + 1]?.text, tokens[at + 2]?.text];
    if (word === '@' && next !== undefined) {
      const inBody = COLUMN_TAKERS.includes(next) && afterNext === '(';
      return [{ offset, word: inBody ? `@${next}(…)` : `@${next}`, length: inBody ? 1 : undefined }];
    }
    if (before === '(' && COLUMN_TAKERS.includes(tokens[at - 2]?.text ?? '')) return [{ offset, word }];
    if (before === ',' && /^(src|dst)$/.test(word)) return [{ offset, word }];
    if (before === '->' || before === 'implements') return [{ offset, word }];
    if (before === ':' && (TYPES.includes(word) || word === 'enum' || word === 'Vector')) return [{ offset, word }];
    if (WORDS.includes(word) && /^[A-Z]/.test(next ?? '')) return [{ offset, word }];
    return [];
  });
}

test.each(schemas)('at every offset of %s, whole and cut off, there is an answer', (path) => {
  const text = readFileSync(path, 'utf8');
  const document = documentOf(text);
  for (let offset = 0; offset <= text.length; offset += 1) completionsAt(document, offset, { snippets: true });
  for (const { offset, kind } of scanTokens(text)) {
    if (kind === 'space') continue;
    completionsAt(documentOf(text.slice(0, offset)), offset, { snippets: true });
  }
});
