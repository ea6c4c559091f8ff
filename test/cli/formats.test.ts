import { describe, expect, test } from 'vitest';
import type { OutputFormat } from '../../cli/src/output/formats.js';
import { formatRead, type ReadOutput, type TableStyle } from '../../cli/src/output/index.js';

const vessels: ReadOutput = {
  queryName: 'vessels',
  target: { branch: 'main', snapshot: null },
  rowCount: 2,
  columns: [
    { name: 'v.name', values: ['Aurora', 'Bo "B", ea\nII'] },
    { name: 'v.tonnage', values: [9007199254740993n, null] },
    { name: 'tags', values: [['a', 'é'], []] },
    { name: 'fast', values: [true, 1.5] },
  ],
  commitId: '01JZ8',
};

const empty: ReadOutput = {
  ...vessels,
  target: { branch: null, snapshot: '01JZ7' },
  rowCount: 0,
  columns: [
    { name: 'v.name', values: [] },
    { name: 'n', values: [] },
  ],
  commitId: undefined,
};

const columnless: ReadOutput = { ...empty, columns: [] };

const style: TableStyle = { maxColumnWidth: 80, layout: 'truncate' };
const render = (output: ReadOutput, format: OutputFormat, how = style): string => formatRead(output, format, how);

describe('golden outputs', () => {
  test('json', () => {
    expect(render(vessels, 'json')).toBe(`{
  "query_name": "vessels",
  "target": {
    "branch": "main",
    "snapshot": null
  },
  "row_count": 2,
  "columns": [
    "v.name",
    "v.tonnage",
    "tags",
    "fast"
  ],
  "rows": [
    {
      "v.name": "Aurora",
      "v.tonnage": 9007199254740993,
      "tags": [
        "a",
        "é"
      ],
      "fast": true
    },
    {
      "v.name": "Bo \\"B\\", ea\\nII",
      "v.tonnage": null,
      "tags": [],
      "fast": 1.5
    }
  ],
  "graph_commit_id": "01JZ8"
}
`);
  });

  test('json without rows, columns or head', () => {
    expect(render(columnless, 'json')).toBe(`{
  "query_name": "vessels",
  "target": {
    "branch": null,
    "snapshot": "01JZ7"
  },
  "row_count": 0,
  "rows": []
}
`);
  });

  test('jsonl', () => {
    expect(render(vessels, 'jsonl')).toBe(
      [
        '{"kind":"metadata","query_name":"vessels","target":{"branch":"main","snapshot":null},"row_count":2}',
        '{"v.name":"Aurora","v.tonnage":9007199254740993,"tags":["a","é"],"fast":true}',
        '{"v.name":"Bo \\"B\\", ea\\nII","v.tonnage":null,"tags":[],"fast":1.5}',
        '',
      ].join('\n'),
    );
  });

  test('csv quotes separators, quotes and line breaks', () => {
    expect(render(vessels, 'csv')).toBe(
      'v.name,v.tonnage,tags,fast\nAurora,9007199254740993,"[""a"",""é""]",true\n"Bo ""B"", ea\nII",null,[],1.5\n',
    );
  });

  test('csv without rows keeps its header', () => {
    expect(render(empty, 'csv')).toBe('v.name,n\n');
  });

  test('kv', () => {
    expect(render(vessels, 'kv')).toBe(
      [
        '2 rows from branch main via vessels',
        'row 1',
        'v.name: Aurora',
        'v.tonnage: 9007199254740993',
        'tags: ["a","é"]',
        'fast: true',
        '',
        'row 2',
        'v.name: Bo "B", ea\nII',
        'v.tonnage: null',
        'tags: []',
        'fast: 1.5',
        '',
      ].join('\n'),
    );
  });

  test('kv without rows', () => {
    expect(render(empty, 'kv')).toBe('0 rows from snapshot 01JZ7 via vessels\n(no rows)\n');
  });

  test('table', () => {
    expect(render(vessels, 'table')).toBe(
      [
        '2 rows from branch main via vessels',
        'v.name         | v.tonnage        | tags      | fast',
        '---------------+------------------+-----------+-----',
        'Aurora         | 9007199254740993 | ["a","é"] | true',
        'Bo "B", ea\\nII | null             | []        | 1.5 ',
        '',
      ].join('\n'),
    );
  });

  test('table without rows', () => {
    expect(render(empty, 'table')).toBe('0 rows from snapshot 01JZ7 via vessels\nv.name | n\n-------+--\n');
  });

  test('table without columns', () => {
    expect(render(columnless, 'table')).toBe('0 rows from snapshot 01JZ7 via vessels\n(no rows)\n');
  });

  test.each<[OutputFormat]>([['json'], ['jsonl'], ['csv'], ['kv'], ['table']])(
    '%s ends with exactly one line end',
    (format) => {
      expect(render(vessels, format)).toMatch(/[^\n]\n$/);
    },
  );

  test('a column may be called __proto__', () => {
    const odd: ReadOutput = { ...vessels, rowCount: 1, columns: [{ name: '__proto__', values: ['x'] }] };
    expect(render(odd, 'jsonl').split('\n')[1]).toBe('{"__proto__":"x"}');
  });
});

describe('table widths', () => {
  const cell = (text: string): ReadOutput => ({
    ...vessels,
    rowCount: 1,
    columns: [
      { name: 'c', values: [text] },
      { name: 'n', values: [1] },
    ],
  });
  const lines = (text: string, how: TableStyle) => render(cell(text), 'table', how).split('\n').slice(1, -1);

  test.each<[string, string, TableStyle, readonly string[]]>([
    [
      'truncates beyond the maximum',
      'abcdefghijkl',
      { maxColumnWidth: 10, layout: 'truncate' },
      ['c          | n', '-----------+--', 'abcdefghi… | 1'],
    ],
    [
      'wraps beyond the maximum',
      'abcdefghijkl',
      { maxColumnWidth: 10, layout: 'wrap' },
      ['c          | n', '-----------+--', 'abcdefghij | 1', 'kl         |  '],
    ],
    ['counts code points', '🚢🚢🚢', { maxColumnWidth: 10, layout: 'truncate' }, ['c   | n', '----+--', '🚢🚢🚢 | 1']],
    [
      'a maximum of 1 keeps one character',
      'abc',
      { maxColumnWidth: 1, layout: 'truncate' },
      ['c | n', '--+--', 'a | 1'],
    ],
    [
      'a maximum of 0 is as wide as the header',
      'abc',
      { maxColumnWidth: 0, layout: 'wrap' },
      ['c | n', '--+--', 'a | 1', 'b |  ', 'c |  '],
    ],
  ])('%s', (_, text, how, expected) => {
    expect(lines(text, how)).toEqual(expected);
  });
});
