import {
  compileQueries,
  describeOperation,
  describeQuery,
  type LintReport,
  lintQueries,
  parseExactJson,
  renderLintText,
  stringifyExactJson,
} from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { catalogOf, garden, M, Q, R } from './garden.js';

const operation = (text: string) => {
  const [query] = compileQueries(text, garden).queries;
  if (query === undefined) throw new Error('the text holds one query');
  return describeOperation(query, garden);
};

test('a descriptor has its keys in order, annotations only when given', () => {
  const text = `query q($s: String, $n: I32?, $w: U64, $v: Vector(3), $l: [F32]?, $d: DateTime, $b: Blob)
    @instruction("how") @description("what") { match { $p: Plant } return { $p.code } }
    query w() { insert Memo { text: "a" } }`;
  const [read, write] = compileQueries(text, garden).queries.map(describeQuery);
  expect(JSON.stringify(read)).toBe(
    JSON.stringify({
      name: 'q',
      tool_name: 'q',
      description: 'what',
      instruction: 'how',
      mutation: false,
      params: [
        { name: 's', kind: 'string', nullable: false },
        { name: 'n', kind: 'int', nullable: true },
        { name: 'w', kind: 'bigint', nullable: false },
        { name: 'v', kind: 'vector', vector_dim: 3, nullable: false },
        { name: 'l', kind: 'list', item_kind: 'float', nullable: true },
        { name: 'd', kind: 'datetime', nullable: false },
        { name: 'b', kind: 'blob', nullable: false },
      ],
    }),
  );
  expect(write).toEqual({ name: 'w', tool_name: 'w', mutation: true, params: [] });
});

describe('operation descriptors (§10.2)', () => {
  const node = (type_name: string) => ({ kind: 'node', type_name });
  const edge = (type_name: string) => ({ kind: 'edge', type_name });

  test('result fields follow the descriptor naming, in return order', () => {
    const items = '$p, $p.code, $p.tags, $p.vec, 7, now(), 7 as k, k, zz, search($p.common, "x"), $p.height as h';
    expect(operation(R(items))?.result).toEqual([
      { name: 'p', kind: 'object', nullable: false },
      { name: 'code', kind: 'string', nullable: false },
      { name: 'tags', kind: 'list', item_kind: 'string', nullable: true },
      { name: 'vec', kind: 'vector', vector_dim: 2, nullable: true },
      { name: 'literal', kind: 'bigint', nullable: false },
      { name: 'now', kind: 'datetime', nullable: false },
      { name: 'k', kind: 'bigint', nullable: false },
      { name: 'k', kind: 'bigint', nullable: false },
      { name: 'zz', kind: 'bigint', nullable: true },
      { name: 'search', kind: 'bool', nullable: false },
      { name: 'h', kind: 'int', nullable: true },
    ]);
  });

  test('aggregates are named by their function unless aliased', () => {
    expect(operation(R('count($p), sum($p.height), min($p.common), max($p.price) as dear'))?.result).toEqual([
      { name: 'count', kind: 'bigint', nullable: true },
      { name: 'sum', kind: 'float', nullable: true },
      { name: 'min', kind: 'string', nullable: true },
      { name: 'dear', kind: 'float', nullable: true },
    ]);
  });

  test.each([
    [M('$p: Plant $p.height > 1'), [node('Plant')], []],
    [M('$p shades $q not { $p growsIn $_ }'), [node('Bed'), node('Plant'), edge('GrowsIn'), edge('Shades')], []],
    [Q('insert Memo { text: "a" }'), [node('Memo')], [node('Memo')]],
    [Q('insert GrowsIn { from: "a", to: "b" }'), [node('Bed'), node('Plant'), edge('GrowsIn')], [edge('GrowsIn')]],
    [Q('delete Bed where bid = "a"'), [node('Bed'), edge('GrowsIn')], [node('Bed'), edge('GrowsIn')]],
    [Q('delete Shades where from = "a"'), [edge('Shades')], [edge('Shades')]],
    [Q('update Plant set { height: 1 } where code = "a"'), [node('Plant')], [node('Plant')]],
  ])('%s reads and writes', (text, reads, writes) => {
    expect(operation(text)).toMatchObject({ reads, writes });
  });

  test('a query with errors has none', () => {
    expect(operation(M('$t: Tree'))).toBeUndefined();
  });
});

const lint = (text: string, catalog = garden): LintReport =>
  lintQueries({ text, path: 'fleet.gq', catalog, schemaSource: { kind: 'file', path: 'harbor.pg' } });

describe('lint (§10.3)', () => {
  test('a clean file, as text and with its JSON keys in order', () => {
    const report = lint(R('$p.code'));
    expect(renderLintText(report)).toMatchInlineSnapshot(`
      "OK    query \`q\` (read)
      INFO  Lint complete: 1 queries processed (0 error(s), 0 warning(s), 0 info item(s))
      "
    `);
    expect(Object.keys(report)).toEqual([
      'status',
      'schema_source',
      'query_path',
      'queries_processed',
      'errors',
      'warnings',
      'infos',
      'results',
      'findings',
    ]);
    expect(report.results).toEqual([
      {
        name: 'q',
        kind: 'read',
        status: 'ok',
        operation: {
          result: [{ name: 'code', kind: 'string', nullable: false }],
          reads: [{ kind: 'node', type_name: 'Plant' }],
          writes: [],
        },
      },
    ]);
    expect(parseExactJson(stringifyExactJson(report))).toBeDefined();
  });

  test('a file that does not parse has one finding and no result', () => {
    expect(lint(`${R('$p.code')} query`)).toMatchInlineSnapshot(`
      {
        "errors": 1,
        "findings": [
          {
            "code": "Q000",
            "message": "parse error: expected a name, found the end of the query (line 1, column 59)",
            "severity": "error",
          },
        ],
        "infos": 0,
        "queries_processed": 0,
        "query_path": "fleet.gq",
        "results": [],
        "schema_source": {
          "kind": "file",
          "path": "harbor.pg",
        },
        "status": "error",
        "warnings": 0,
      }
    `);
  });

  test('type errors, hard-coded mutations, even failing ones, and totals', () => {
    const text = `
      query a() { match { $t: Tree } return { 1 } }
      query b() { insert Memo { text: "a" } }
      query c() { insert Memo { body: "a" } }
      query d($t: String) { insert Memo { text: $t } }`;
    expect(renderLintText(lint(text))).toMatchInlineSnapshot(`
      "ERROR query \`a\`: type error: T1: \`Tree\` is not a declared node type
      OK    query \`b\` (mutation)
      WARN  query \`b\`: mutation declares no parameters: hard-coded mutations are easy to miss
      ERROR query \`c\`: type error: T11: node type \`Memo\` has no property \`body\`
      WARN  query \`c\`: mutation declares no parameters: hard-coded mutations are easy to miss
      OK    query \`d\` (mutation)
      INFO  Lint complete: 4 queries processed (2 error(s), 2 warning(s), 0 info item(s))
      "
    `);
  });

  test('L201 names each optional property no valid update assigns', () => {
    const text = `
      query b($h: I32, $c: String) { update Plant set { height: $h, price: 1.0, hardy: true } where code = $c }
      query a($d: Date, $c: String) { update Plant set { sown: $d, watered: now() } where code = $c }
      query broken($c: String) { update Plant set { tags: 3 } where code = $c }`;
    const { findings, warnings, errors, status } = lint(text);
    expect({ warnings, errors, status }).toEqual({ warnings: 3, errors: 1, status: 'error' });
    expect(
      findings.map(({ code, message, type_name, property, query_names }) => [
        code,
        message,
        type_name,
        property,
        query_names,
      ]),
    ).toMatchInlineSnapshot(`
      [
        [
          "L201",
          "\`Plant.photo\` is nullable, but no update query assigns it",
          "Plant",
          "photo",
          [
            "a",
            "b",
          ],
        ],
        [
          "L201",
          "\`Plant.tags\` is nullable, but no update query assigns it",
          "Plant",
          "tags",
          [
            "a",
            "b",
          ],
        ],
        [
          "L201",
          "\`Plant.vec\` is nullable, but no update query assigns it",
          "Plant",
          "vec",
          [
            "a",
            "b",
          ],
        ],
      ]
    `);
  });

  test('L201 passes over key parts and embedding targets', () => {
    const catalog = catalogOf('node Doc { slug: String @key  text: String?  vec: Vector(2)? @embed("text")  n: I32? }');
    const text = 'query u($s: String) { update Doc set { text: "x" } where slug = $s }';
    expect(lint(text, catalog).findings.map(({ property }) => property)).toEqual(['n']);
  });
});
