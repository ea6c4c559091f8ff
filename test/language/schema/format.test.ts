import { compileSchema, formatSchema } from 'omnigraph-language';
import { expect, test } from 'vitest';

function checkFormat(source: string, formatted: string): void {
  expect(formatSchema(source)).toBe(formatted);
  expect(formatSchema(formatted)).toBe(formatted);
  expect(compileSchema(formatted).catalog?.shapeHash).toBe(compileSchema(source).catalog?.shapeHash);
}

const FORMATS: readonly (readonly [what: string, source: string, formatted: string])[] = [
  ['nothing', '', ''],
  ['a comment alone', '  // only', '// only\n'],
  ['an empty body', 'node   X{ }', 'node X {}\n'],
  [
    'members on lines of their own',
    'node X{a:String @key b :[I32]?@index @unique( a,b )}',
    'node X {\n    a: String @key\n    b: [I32]? @index\n    @unique(a, b)\n}\n',
  ],
  [
    'an edge header',
    'edge R:X->Y@card( 0 .. 1 ) @owner( "t" , tier = 3 )\nnode X{}node Y{}',
    'edge R: X -> Y @card(0..1) @owner("t", tier=3)\nnode X {}\n\nnode Y {}\n',
  ],
  [
    'an implements list and words that look like keywords',
    'interface A{node:String}node X @node implements A ,A{edge:I32?}',
    'interface A {\n    node: String\n}\n\nnode X @node implements A, A {\n    edge: I32?\n}\n',
  ],
  [
    'enum values keep their dashes',
    'node X { s: enum( phase-1,-,-x ,a--b,2fa ) n: I32 @range(n, -5 .. 5) @range(n,..0.5) }',
    'node X {\n    s: enum(phase-1, -, -x, a--b, 2fa)\n    n: I32\n    @range(n, -5..5)\n    @range(n, ..0.5)\n}\n',
  ],
  [
    'comments stay behind what they stand behind, or above what they stand above',
    '// file\n\n\n\n// type\nnode X { // header\n\n  // first\n  a: String // why\n\n\n  /* block */ b: I32\n  // last\n} // end\n// tail',
    '// file\n\n// type\nnode X { // header\n    // first\n    a: String // why\n\n    /* block */\n    b: I32\n    // last\n} // end\n\n// tail\n',
  ],
  [
    'comments inside a member',
    'node X { a: // why\n String @ /* hi */ index\n // next\n @x }',
    'node X {\n    a: // why\n        String @/* hi */ index\n        // next\n        @x\n}\n',
  ],
  [
    'arguments on lines of their own stay so',
    'node X { s: enum(\n a, b, // why\n c\n ) t: I32 }',
    'node X {\n    s: enum(\n        a,\n        b, // why\n        c\n    )\n    t: I32\n}\n',
  ],
  [
    'strings are left alone',
    'node X @description("two\n   lines  ,  {}") {}',
    'node X @description("two\n   lines  ,  {}") {}\n',
  ],
  ['line ends become line feeds', 'node X {\r\n  a: I32 // c\r\n}\r\n', 'node X {\n    a: I32 // c\n}\n'],
];

test.each(FORMATS)('%s', (_what, source, formatted) => checkFormat(source, formatted));

test.each(['node X { a: String,  b: I32 }', 'node   X', 'garbage   here'])(
  'a broken text is left alone: %s',
  (source) => {
    expect(formatSchema(source)).toBe(source);
  },
);
