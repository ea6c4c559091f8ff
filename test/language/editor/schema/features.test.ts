import { describe, expect, test } from 'vitest';
import type { DocumentSymbol, MarkupContent, SelectionRange } from 'vscode-languageserver';
import { edited } from '../symbols/fixture.js';
import { FILES, PEOPLE, SCHEMA, WRITES } from '../symbols/garden.js';
import { openSchema, place } from './ask.js';

const OTHERS = { 'people.gq': PEOPLE, 'writes.gq': WRITES, 'cluster.yaml': FILES['cluster.yaml'] };

/** The garden's schema with a mark in front of the part that follows a context. */
const mark = (context: string): string => SCHEMA.replace(context.replace('|', ''), context);

async function checkHover(marked: string): Promise<string | null> {
  const { ask, position } = await openSchema(marked, OTHERS);
  const hover = await ask('textDocument/hover', { position });
  return hover === null ? null : (hover.contents as MarkupContent).value;
}

describe('hover', () => {
  test.each<[string, readonly string[]]>([
    [
      'node |Person',
      [
        'node Person implements Named',
        'Key: `slug`',
        '`WorksAt` → Company',
        'name: String',
        'Used in queries `find_person`, `add`',
      ],
    ],
    ['implements |Named', ['interface Named', 'Implemented by `Person`, `Company`']],
    ['Person -> Comp|any', ['node Company implements Named', '`WorksAt` ← Person']],
    [
      'edge Works|At',
      ['edge WorksAt: Person -> Company @card(0..1)', 'From each `Person` at most 1 to `Company`.', 'team'],
    ],
    ['|slug: String @key\n    role', ['Person.slug: String', 'Required.', '`@key(slug)`']],
    ['|nick: String?', ['Person.nick: String?', 'May be null.', '`@unique(nick)`', 'find_person']],
    ['|vec:', ['Vector(2)?', 'embedding of `nick`', 'Used nowhere.']],
    ['@embed(ni|ck)', ['Person.nick: String?']],
    ['enum(le|ad', ['Person.role = lead', 'find_person']],
    ['@un|ique(nick)', ['@unique(…)', 'No two of the type']],
    ['@k|ey', ['`@key`', 'ids are derived']],
    ['@em|bed', ['`@embed`']],
    ['@ca|rd', ['How many edges']],
    [': Stri|ng @index', ['`String`', 'UTF-8']],
    ['Vec|tor(2)', ['vector of']],
    ['en|um(', ['fixed set']],
    ['no|de Person', ['Declares a type of nodes']],
    ['imple|ments', ['interfaces whose properties']],
    ['(sr|c, since)', ['id of the node the edge leaves']],
  ])('at %s', async (context, parts) => {
    const text = await checkHover(mark(context));
    for (const part of parts) expect(text).toContain(part);
  });

  test.each([
    'node A |{}',
    'node A { v: Vector(|2) }',
    'node A {}\n\n|\n',
    '// no|te\nnode A {}',
    'node A { @key(a, |',
    '|',
  ])('nothing at %s', async (marked) => {
    const { ask, position } = await openSchema(marked);
    expect(await ask('textDocument/hover', { position })).toBeNull();
  });

  test.each([
    ['// Who works here.\n// And who left.\nnode |A {}', 'Who works here.\nAnd who left.'],
    ['// Not this.\n\nnode |A {}', undefined],
    ['/* Staff. */\nnode |A {}', 'Staff.'],
    ['node A {\n    // How one says it.\n    |a: String\n}', 'How one says it.'],
    ['node A {\n    b: I32 // of b\n    |a: String\n}', undefined],
    ['node A @description("A thing.") {\n    |a: String @description("Its name.")\n}', 'Its name.'],
    ['node |A @description("A thing.") @instruction("Ask first.") {}', 'A thing.\n\nAsk first.'],
    ['// ────────\nnode |A {}', undefined],
  ])('comments and descriptions of %s', async (marked, comment) => {
    const text = await checkHover(marked);
    const parts = (text ?? '').split('\n\n');
    if (comment === undefined) expect(text).not.toMatch(/Not this|of b|──/);
    else expect(parts.join('\n\n')).toContain(comment);
  });
});

describe('signature help', () => {
  test.each<[string, string | null, number?]>([
    ['node A { a: String @embed(|', '@embed(source, model="…")', 0],
    ['node A { v: Vector(2) @embed(a, |) }', '@embed(source, model="…")', 1],
    ['node A { @range(|) }', '@range(property, min..max)', 0],
    ['node A { @range(a, |) }', '@range(property, min..max)', 1],
    ['node A { @range(a, 0..|) }', '@range(property, min..max)', 1],
    ['node A { @check(a, "|") }', '@check(property, "pattern")', 1],
    ['node A { @unique(a, b, |) }', '@unique(column, …)', 0],
    ['node A @description("|") {}', '@description("text")', 0],
    ['edge E: A -> B @card(|)', '@card(min..max)', 0],
    ['node A { a: Vector(|) }', 'Vector(n)', 0],
    ['node A { a: enum(|) }', 'enum(value, …)', 0],
    ['node A { a: String @key | }', null],
    ['node A { a: String @unknown(|) }', null],
    ['node A { @key(a) | }', null],
    ['node A { @key(/* | */) }', null],
  ])('in %s', async (marked, label, parameter) => {
    const { ask, position } = await openSchema(marked);
    const help = await ask('textDocument/signatureHelp', { position });
    expect(help?.signatures[0]?.label ?? null).toBe(label);
    expect(help?.activeParameter).toBe(parameter);
  });
});

describe('navigation', () => {
  test.each<['definition' | 'typeDefinition' | 'implementation', string, readonly string[] | null]>([
    ['definition', 'implements |Named', ['1:10']],
    ['definition', 'edge WorksAt: |Person', ['5:5']],
    ['definition', '@embed(|nick)', ['8:4']],
    ['definition', '@unique(|nick)', ['8:4']],
    ['definition', 'node |Person', ['5:5']],
    ['definition', ': |String @index', null],
    ['typeDefinition', 'edge |WorksAt', ['5:5', '13:5']],
    ['typeDefinition', '|name: String\n}\n\nedge', ['1:10']],
    ['typeDefinition', '|nick: String?', ['5:5']],
    ['implementation', 'interface |Named', ['5:5', '13:5']],
    ['implementation', 'implements |Named', ['5:5', '13:5']],
    ['implementation', '|name: String @index', ['5:5', '15:4']],
    ['implementation', 'node |Person', null],
  ])('%s at %s', async (what, context, places) => {
    const { ask, position } = await openSchema(mark(context), OTHERS);
    const found = await ask(`textDocument/${what}`, { position });
    const list = found === null ? null : Array.isArray(found) ? found : [found];
    expect(list?.map((one) => place('range' in one ? one.range.start : one.targetRange.start)) ?? null).toEqual(places);
  });

  test('highlights tell the declaration from the mentions', async () => {
    const { ask, position } = await openSchema(mark('@unique(|nick)'), OTHERS);
    const found = await ask('textDocument/documentHighlight', { position });
    expect(found?.map(({ range, kind }) => [place(range.start), kind])).toEqual([
      ['8:4', 3],
      ['9:27', 2],
      ['10:12', 2],
    ]);
  });

  test.each<[string, readonly string[] | null]>([
    ['|nick: String?', ['8:4', '9:27', '10:12']],
    ['(src, since|)', ['19:4', '20:17']],
    ['|slug: String @key\n    role', null],
    ['node |Person', null],
    ['(|src', null],
  ])('linked editing at %s', async (context, places) => {
    const { ask, position } = await openSchema(mark(context), OTHERS);
    const linked = await ask('textDocument/linkedEditingRange', { position });
    expect(linked?.ranges.map(({ start }) => place(start)) ?? null).toEqual(places);
  });
});

describe('structure', () => {
  test('the outline', async () => {
    const { ask } = await openSchema(SCHEMA);
    const show = ({ name, detail, children }: DocumentSymbol): string =>
      `${name}${detail ? `: ${detail}` : ''}${children?.length ? ` (${children.map(show).join(', ')})` : ''}`;
    expect((await ask('textDocument/documentSymbol', {}))?.map(show)).toEqual([
      'Named: interface (name: String)',
      'Person: Named (slug: String, role: enum(lead, member), nick: String?, vec: Vector(2)?, @unique(nick))',
      'Company: Named (slug: String, name: String)',
      'WorksAt: Person → Company (since: Date?, @unique(src, since))',
    ]);
  });

  test.each<[string, readonly string[]]>([
    ['node A {\n    a: I32\n    b: I32\n}\n', ['0-2']],
    ['node A {}\n', []],
    ['node A {\n}\n', []],
    ['// one\n// two\n\n// three\nnode A {}\n', ['0-1 comment']],
    ['/* a\nb */\nedge E:\n  A ->\n  B\n', ['0-1 comment', '2-3']],
  ])('folds %j', async (text, ranges) => {
    const { ask } = await openSchema(text);
    const found = await ask('textDocument/foldingRange', {});
    const shown = found?.map(({ startLine, endLine, kind }) => `${startLine}-${endLine}${kind ? ` ${kind}` : ''}`);
    expect(shown?.sort()).toEqual([...ranges].sort());
  });

  test('a selection grows from the word to the file', async () => {
    const { ask, position, text, document } = await openSchema(
      'node A {\n    v: Vector(2) @embed(na|me)\n}\nnode B {}\n',
    );
    const found = await ask('textDocument/selectionRange', { positions: [position] });
    const texts: string[] = [];
    for (let at: SelectionRange | undefined = found?.[0]; at !== undefined; at = at.parent) {
      texts.push(text.slice(document.lines.offset(at.range.start), document.lines.offset(at.range.end)));
    }
    expect(texts).toEqual([
      'name',
      '@embed(name)',
      'v: Vector(2) @embed(name)',
      '\n    v: Vector(2) @embed(name)\n',
      'node A {\n    v: Vector(2) @embed(name)\n}',
      text,
    ]);
  });
});

describe('semantic tokens', () => {
  test.each<[string, readonly string[]]>([
    ['node A implements I {}', ['node keyword', 'A class declaration', 'implements keyword', 'I interface']],
    ['interface I {}', ['interface keyword', 'I interface declaration']],
    ['edge E: A -> B', ['edge keyword', 'E event declaration', 'A class', 'B class']],
    [
      'edge E: A -> B @card(0..1)',
      ['edge keyword', 'E event declaration', 'A class', 'B class', 'card decorator', '0 number', '1 number'],
    ],
    [
      'node A { s: enum(a-b, 2)? @index }',
      [
        'node keyword',
        'A class declaration',
        's property declaration',
        'enum keyword',
        'a-b enumMember declaration',
        '2 enumMember declaration',
        'index decorator',
      ],
    ],
    [
      'node A { v: Vector(2) @embed(t, model="m") }',
      [
        'node keyword',
        'A class declaration',
        'v property declaration',
        'Vector type defaultLibrary',
        '2 number',
        'embed decorator',
        't property',
        'model parameter',
        '"m" string',
      ],
    ],
    [
      'node A { node: [String] @unique(node) } // x',
      [
        'node keyword',
        'A class declaration',
        'node property declaration',
        'String type defaultLibrary',
        'unique decorator',
        'node property',
        '// x comment',
      ],
    ],
  ])('of %s', async (text, tokens) => {
    const { ask } = await openSchema(text);
    const found = [...((await ask('textDocument/semanticTokens', { range: undefined })) ?? [])];
    const shown = found
      .sort((left, right) => left.offset - right.offset)
      .map(({ offset, length, type, modifiers = [] }) =>
        [text.slice(offset, offset + length), type, ...modifiers].join(' '),
      );
    expect(shown).toEqual(tokens);
  });

  test('of a range are those of its declarations', async () => {
    const { ask } = await openSchema('node A {}\nnode B {}\nnode C {}\n');
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };
    expect((await ask('textDocument/semanticTokens', { range }))?.map(({ offset }) => offset)).toEqual([10, 15]);
  });
});

describe('formatting', () => {
  const OPTIONS = { tabSize: 2, insertSpaces: true };

  test.each([
    ['node A{a:String b:I32?}', 'node A {\n    a: String\n    b: I32?\n}\n'],
    ['node A {}\n', 'node A {}\n'],
    ['node A {', 'node A {'],
  ])('the whole of %j', async (text, expected) => {
    const { ask } = await openSchema(text);
    const edits = await ask('textDocument/formatting', { options: OPTIONS });
    expect(edited(text, edits ?? [])).toBe(expected);
  });

  test('a selection formats the declarations it touches', async () => {
    const text = 'node A{a:I32}\nnode B{b:I32}\nnode C{\n';
    const { ask } = await openSchema(text);
    const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } };
    const edits = await ask('textDocument/rangeFormatting', { range, options: OPTIONS });
    expect(edited(text, edits ?? [])).toBe('node A{a:I32}\nnode B {\n    b: I32\n}\nnode C{\n');
  });

  test('the closing brace formats its declaration', async () => {
    const { ask, text, position } = await openSchema('node A{a:I32}|\nnode B{b:I32}\n');
    const edits = await ask('textDocument/onTypeFormatting', { position, ch: '}', options: OPTIONS });
    expect(edited(text, edits ?? [])).toBe('node A {\n    a: I32\n}\nnode B{b:I32}\n');
  });
});

describe('inlay hints', () => {
  test.each<[string, string]>([
    ['interface I { a: String @key b: I32 } node N implements I {}', 'node N implements I«gives a (key), b» {}'],
    ['interface I { a: String } node N implements I { a: String }', 'node N implements I { a: String }'],
    ['node N { a: String b: I32 @key(a, b) }', 'node N { a: String«key part» b: I32«key part» @key(a, b) }'],
    ['node N { a: String @key(a) }', 'node N { a: String«key» @key(a) }'],
    ['node N { a: String @key }', 'node N { a: String @key }'],
    ['node N {} edge E: N -> N', 'edge E: N -> N«any number per N»'],
    ['node N {} edge E: N -> N @card(0..1) {}', 'edge E: N -> N @card(0..1)«at most 1 per N» {}'],
    ['node N {} edge E: N -> N @card(2..2)', 'edge E: N -> N @card(2..2)«exactly 2 per N»'],
    ['node N {} edge E: N ->', 'edge E: N ->'],
  ])('in %s', async (text, expected) => {
    const { ask, document } = await openSchema(text);
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const hints = [...((await ask('textDocument/inlayHint', { range })) ?? [])];
    const shown = hints
      .map(({ position, label }) => ({ offset: document.lines.offset(position), label: `«${String(label)}»` }))
      .sort((left, right) => right.offset - left.offset)
      .reduce((sofar, { offset, label }) => sofar.slice(0, offset) + label + sofar.slice(offset), text);
    expect(shown.slice(shown.lastIndexOf(expected.slice(0, 6)))).toBe(expected);
  });
});

describe('lenses', () => {
  test('count queries, mentions and implementations', async () => {
    const { ask } = await openSchema(SCHEMA, OTHERS, { commands: new Set(['omnigraph.showReferences']) });
    const lenses = await ask('textDocument/codeLens', {});
    expect(lenses?.map(({ range, command }) => `${place(range.start)} ${command?.title}`)).toEqual([
      '1:10 2 implementations',
      '5:5 2 queries',
      '5:5 3 references',
      '13:5 1 query',
      '13:5 2 references',
      '18:5 3 queries',
      '18:5 3 references',
    ]);
    expect(lenses?.every(({ command }) => command?.command === 'omnigraph.showReferences')).toBe(true);
  });

  test('a client that cannot show places gets text', async () => {
    const { ask } = await openSchema('node A {}\n');
    const lenses = await ask('textDocument/codeLens', {});
    expect(lenses?.map(({ command }) => [command?.title, command?.command])).toEqual([
      ['no query uses it', ''],
      ['0 references', ''],
    ]);
  });
});
