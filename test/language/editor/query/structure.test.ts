import { expect, test } from 'vitest';
import type { DocumentSymbol, SelectionRange } from 'vscode-languageserver';
import { queryDocumentSymbols } from '../../../../language/src/editor/query/document-symbols.js';
import { queryFormatting } from '../../../../language/src/editor/query/formatting.js';
import { queryFolding, querySelection } from '../../../../language/src/editor/query/ranges.js';
import { querySemanticTokens } from '../../../../language/src/editor/query/semantic-tokens.js';
import { applyEdits, ask, textIn } from './ask.js';

const outline = (symbols: readonly DocumentSymbol[], indent = ''): readonly string[] =>
  symbols.flatMap(({ name, detail, children = [] }) => [
    `${indent}${name}${detail === undefined ? '' : `: ${detail}`}`,
    ...outline(children, `${indent}  `),
  ]);

test('the outline: parameters, variables, columns, statements', async () => {
  const { answer } = await ask(
    queryDocumentSymbols,
    'textDocument/documentSymbol',
    `query a($s: String?) @description("All.") { match { $p: Plant { code: $s } $p growsIn $b } return { $b.bid, count($p) as n } }
query b() { insert Memo { text: "a" } insert Memo { text: "b" } }
query broken($x: I32) { match { $p: Plant } return`,
  );
  expect(outline(answer ?? [])).toEqual([
    'a: All.',
    '  $s: String?',
    '  $p: Plant',
    '  $b: Bed',
    '  $b.bid: String',
    '  n: I64',
    'b: mutation',
    '  insert Memo',
    '  insert Memo',
    'broken',
    '  $x: I32',
    '  $p: Plant',
  ]);
});

const LONG = `// one
// two
query q(
    $s: String
) {
    match {
        $p: Plant {
            code: $s
        }
    }
    return { $p }
}
/* block
   comment */
`;

test('folds blocks, comments and parameter lists', async () => {
  const { answer } = await ask(queryFolding, 'textDocument/foldingRange', LONG);
  const folds = answer?.map(
    ({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind === undefined ? '' : ` ${kind}`}`,
  );
  expect(folds).toEqual(['2-3', '4-10', '5-8', '6-7', '0-1 comment', '12-13 comment']);
});

const growing = (range: SelectionRange | undefined, text: string): readonly string[] =>
  range === undefined ? [] : [textIn(text, range.range), ...growing(range.parent, text)];

async function checkSelection(source: string, ...expected: readonly string[]): Promise<void> {
  const { marked } = await import('./ask.js');
  const { position } = marked(source);
  const { answer, text } = await ask(querySelection, 'textDocument/selectionRange', source, { positions: [position] });
  expect(growing(answer?.[0], text).slice(0, expected.length)).toEqual(expected);
}

test.each<[source: string, ...expected: string[]]>([
  [
    'query q() { match { $p: Plant $p.hei|ght > 1 } return { $p } }',
    'height',
    '$p.height',
    '$p.height > 1',
    ' $p: Plant $p.height > 1 ',
    '{ $p: Plant $p.height > 1 }',
    ' match { $p: Plant $p.height > 1 } return { $p } ',
  ],
  ['query q($s: Str|ing) { match { $p: Plant } return { $p } }', 'String', '$s: String', '($s: String)'],
  [
    'query q() { match { $p: Plant } return { count($p.co|de) as n } }',
    'code',
    '$p.code',
    '($p.code)',
    'count($p.code)',
    'count($p.code) as n',
  ],
  [
    'query q() { insert Memo { te|xt: "a" } }',
    'text',
    'text: "a"',
    ' text: "a" ',
    '{ text: "a" }',
    'insert Memo { text: "a" }',
  ],
])('selection grows from %s', checkSelection);

/** Each token as `text:type` with its modifiers. */
async function checkTokens(source: string, expected: string): Promise<void> {
  const { answer, text } = await ask(querySemanticTokens, 'textDocument/semanticTokens', source, { range: undefined });
  const shown = [...(answer ?? [])]
    .sort((left, right) => left.offset - right.offset)
    .map(({ offset, length, type, modifiers = [] }) =>
      [`${text.slice(offset, offset + length)}:${type}`, ...modifiers].join('+'),
    );
  expect(shown.join(' ')).toBe(expected);
}

test.each<[source: string, expected: string]>([
  [
    'query match($order: String) { match { $return: Plant { code: $order } } return { $return.code as limit } order { limit desc } limit 3 }',
    [
      'query:keyword match:function+declaration $order:parameter+declaration String:type+defaultLibrary match:keyword',
      '$return:variable Plant:class code:property $order:parameter return:keyword $return:variable code:property as:keyword',
      'limit:property+readonly order:keyword limit:property+readonly desc:keyword limit:keyword 3:number',
    ].join(' '),
  ],
  [
    'query q() { match { $p: Plant $p $g:growsIn{1,2} $b not { $p.stage != "seed" } } return { count($p) as n } }',
    'query:keyword q:function+declaration match:keyword $p:variable Plant:class $p:variable $g:variable growsIn:event 1:number 2:number $b:variable not:keyword $p:variable stage:property !=:operator "seed":string return:keyword count:function+defaultLibrary $p:variable as:keyword n:property+readonly',
  ],
  [
    '// c\nquery q() @description("d") { update Plant set { height: 1.5 } where hardy = true } /* x */',
    '// c:comment query:keyword q:function+declaration @description:decorator "d":string update:keyword Plant:class set:keyword height:property 1.5:number where:keyword hardy:property =:operator true:keyword /* x */:comment',
  ],
  [
    'query q() { match { $p: Plant $p',
    'query:keyword q:function+declaration match:keyword $p:variable Plant:class $p:variable',
  ],
])('colours of %s', checkTokens);

test('colours of a range only', async () => {
  const text = 'query a() { insert Memo { text: "a" } }\n\nquery b() { insert Memo { text: "b" } }';
  const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 5 } };
  const { answer } = await ask(querySemanticTokens, 'textDocument/semanticTokens', text, { range });
  expect(answer?.every(({ offset }) => offset >= text.indexOf('query b'))).toBe(true);
  expect(answer?.length).toBe(6);
});

const UGLY = 'query a()   { insert Memo{text:"a"} }';
const NEAT = 'query a() {\n    insert Memo { text: "a" }\n}';

test.each<[name: string, source: string, expected: string]>([
  ['the whole', UGLY, `${NEAT}\n`],
  ['each declaration that parses, beside one that does not', `${UGLY}\nquery b( {`, `${NEAT}\nquery b( {`],
  ['nothing of a formatted text', `${NEAT}\n`, `${NEAT}\n`],
])('formats %s', async (_, source, expected) => {
  const { answer, text } = await ask(queryFormatting, 'textDocument/formatting', source);
  expect(applyEdits(text, answer ?? [])).toBe(expected);
});

test('formats the declarations of a selection', async () => {
  const { answer, text } = await ask(
    queryFormatting,
    'textDocument/rangeFormatting',
    `${UGLY}\n\n<|query|> b()   { insert Memo{text:"b"} }`,
  );
  expect(applyEdits(text, answer ?? [])).toBe(`${UGLY}\n\n${NEAT.replace('a()', 'b()').replace('"a"', '"b"')}`);
});

test('formats a declaration when its last brace is typed', async () => {
  const { answer, text } = await ask(queryFormatting, 'textDocument/onTypeFormatting', `${UGLY}|`);
  expect(applyEdits(text, answer ?? [])).toBe(NEAT);
  const inside = await ask(queryFormatting, 'textDocument/onTypeFormatting', UGLY.replace('} }', '}| }'));
  expect(inside.answer).toEqual([]);
});
