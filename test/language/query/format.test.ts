import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type CompiledQueries, compileQueries, formatQueries } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { CORPUS, hasCorpus } from '../../support/corpus.js';
import { garden } from './garden.js';

/** Everything but places. */
const meaning = ({ queries, diagnostics }: CompiledQueries) => ({
  queries: queries.map(({ range: _range, nameRange: _nameRange, ...rest }) => rest),
  codes: diagnostics.map(({ code }) => code),
});

function checkFormat(text: string): string {
  const formatted = formatQueries(text);
  expect(formatQueries(formatted)).toBe(formatted);
  expect(meaning(compileQueries(formatted, garden))).toEqual(meaning(compileQueries(text, garden)));
  const comments = (source: string) =>
    (source.match(/\/\*[\s\S]*?\*\/|\/\/[^\r\n]*/g) ?? []).map((one) => one.trimEnd());
  expect(comments(formatted)).toEqual(comments(text));
  return formatted;
}

const EVERYTHING = `

// about plants
query   plants ( $s:String,$v : Vector( 2 )?,$l:[ I32 ] ? )@description("what")   @instruction( "how" ){match{$p:Plant{stage:$s,tags : "herb",}
$p $g : growsIn $b   $p<shades>{1,3}$q


not{$p shades $_ } not { $q . height > 1  $q . price=2.50 }  fuzzy($p.common,"a\\"b",1)
"x"contains $p.code}return{$p.code $b.bid as bed,count($q)as n,}order{n desc,$p.code asc,$b.bid}limit 007}
query w(){insert Memo{text:"a"}update Plant set{height:1 watered:datetime( "2024-01-01" )}where code!="x" delete Plant where height<[1,2]}`;

test('everything there is, badly spaced', () => {
  expect(checkFormat(EVERYTHING)).toMatchInlineSnapshot(`
    "// about plants
    query plants($s: String, $v: Vector(2)?, $l: [I32]?)
        @description("what")
        @instruction("how")
    {
        match {
            $p: Plant { stage: $s, tags: "herb" }
            $p $g:growsIn $b
            $p <shades>{1,3} $q

            not { $p shades $_ }
            not {
                $q.height > 1
                $q.price = 2.50
            }
            fuzzy($p.common, "a\\"b", 1)
            "x" contains $p.code
        }
        return { $p.code, $b.bid as bed, count($q) as n }
        order { n desc, $p.code asc, $b.bid }
        limit 7
    }

    query w() {
        insert Memo { text: "a" }
        update Plant set { height: 1, watered: datetime("2024-01-01") } where code != "x"
        delete Plant where height < [1, 2]
    }
    "
  `);
});

test('comments stay by what they stood by', () => {
  const text = `/* head */ // more
query a(/* none */) { // body
  match { // first
    $p: Plant { code: "x" } // the plant
    /* the bed */ $b: Bed
    $p growsIn /* inside */ $b

    // last
  }
  // between
  return { $p.code, // the code
    $b.bid /* bed */ , /* n */ $p.height }
  limit /* l */ 3
  // end
} // after
// tail

/* far */`;
  expect(checkFormat(text)).toMatchInlineSnapshot(`
    "/* head */
    // more
    query a(/* none */) {
        // body
        match {
            // first
            $p: Plant { code: "x" } // the plant
            /* the bed */
            $b: Bed
            $p growsIn /* inside */ $b

            // last
        }
        // between
        return {
            $p.code, // the code
            $b.bid, /* bed */ /* n */
            $p.height
        }
        limit /* l */ 3
        // end
    } // after

    // tail

    /* far */
    "
  `);
});

test('one line stays one line if it fits; long ones break', () => {
  const text = `query a($aaaaaaaaaaaaaaaaaaaaaaaaaa: String, $bbbbbbbbbbbbbbbbbbbbbbbbbbbbb: String, $ccccccccccccccccccccccccc: String) {
  match { $p: Plant { code: $aaaaaaaaaaaaaaaaaaaaaaaaaa, common: $bbbbbbbbbbbbbbbbbbbbbbbbbbbbb, stage: $ccccccccccccccccccccccccc } }
  return { $p.code }
}
query b() { match {
  $p: Plant {
  code: "x" } }
  return {
   $p.code } }`;
  expect(checkFormat(text)).toMatchInlineSnapshot(`
    "query a($aaaaaaaaaaaaaaaaaaaaaaaaaa: String, $bbbbbbbbbbbbbbbbbbbbbbbbbbbbb: String, $ccccccccccccccccccccccccc: String) {
        match {
            $p: Plant {
                code: $aaaaaaaaaaaaaaaaaaaaaaaaaa,
                common: $bbbbbbbbbbbbbbbbbbbbbbbbbbbbb,
                stage: $ccccccccccccccccccccccccc
            }
        }
        return { $p.code }
    }

    query b() {
        match {
            $p: Plant {
                code: "x"
            }
        }
        return {
            $p.code
        }
    }
    "
  `);
});

test.each([
  ['nothing', '', ''],
  ['white space', ' \n\n ', ''],
  ['a comment', '  // only\n', '// only\n'],
  ['a syntax error', 'query a() {  match { }', 'query a() {  match { }'],
  [
    'carriage returns',
    'query a() {\r\nmatch { $p: Plant } // x\r\nreturn { 1 } }',
    'query a() {\r\n    match { $p: Plant } // x\r\n    return { 1 }\r\n}\r\n',
  ],
  [
    'a string over lines',
    'query a() { match { $p: Plant { code: "a\n  b" } } return { 1 } }',
    'query a() {\n    match {\n        $p: Plant {\n            code: "a\n  b"\n        }\n    }\n    return { 1 }\n}\n',
  ],
])('%s', (_what, text, formatted) => {
  expect(checkFormat(text)).toBe(formatted);
});

const TOKEN = /"(?:[^"\\]|\\.)*"|[$@]?[A-Za-z_]\w*|\d+(?:\.\d+)?|[<>!]=|\S/g;
const GAPS = [' ', ' ', ' ', '\n', '\n\n\n', '\t', ' /* c */ ', ' // c\n', '\n// own line\n'];

test('any spacing and comments between any two tokens', () => {
  const tokens = EVERYTHING.match(TOKEN) ?? [];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...GAPS), { minLength: tokens.length, maxLength: tokens.length }), (gaps) => {
      checkFormat(tokens.map((token, at) => `${token}${gaps[at] ?? ' '}`).join(''));
    }),
    { numRuns: 200, seed: 7 },
  );
});

describe.runIf(hasCorpus)('the corpus', () => {
  const files = ['industry-intel', 'second-brain'].flatMap((cluster) => {
    const folder = join(CORPUS, cluster, 'queries');
    return hasCorpus ? readdirSync(folder).map((name) => join(folder, name)) : [];
  });
  test.each(files)('%s keeps its meaning and its comments', (file) => {
    checkFormat(readFileSync(file, 'utf8'));
  });
});
