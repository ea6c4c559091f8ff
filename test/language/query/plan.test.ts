import { compileQueries } from 'omnigraph-language';
import { expect, test } from 'vitest';
import { garden, M, O, Q, R } from './garden.js';

const plan = (text: string) => compileQueries(text, garden).queries[0]?.plan;
const match = (clauses: string) => {
  const read = plan(M(clauses));
  return read?.kind === 'read' ? read.match : undefined;
};

test('a read plan, whole', () => {
  const text = `query q($s: String) {
    match { $p: Plant { stage: $s, tags: "herb" } $p $g:growsIn $b not { $p shades $_ } $p.common contains "a" }
    return { $b.bid, count($p) as n } order { n desc, $b.bid } limit 3 }`;
  expect(plan(text)).toMatchInlineSnapshot(`
    {
      "items": [
        {
          "alias": null,
          "column": "b.bid",
          "expr": {
            "kind": "property",
            "property": "bid",
            "type": {
              "enum_values": null,
              "list": false,
              "nullable": false,
              "scalar": "String",
            },
            "variable": "b",
          },
        },
        {
          "alias": "n",
          "column": "n",
          "expr": {
            "argument": {
              "entity": "node",
              "kind": "variable",
              "typeName": "Plant",
              "variable": "p",
            },
            "function": "count",
            "kind": "aggregate",
          },
        },
      ],
      "kind": "read",
      "limit": 3n,
      "match": {
        "bindings": [
          {
            "matches": [
              {
                "mode": "equals",
                "property": "stage",
                "type": {
                  "enum_values": [
                    "mature",
                    "seed",
                    "sprout",
                  ],
                  "list": false,
                  "nullable": false,
                  "scalar": "String",
                },
                "value": {
                  "kind": "param",
                  "name": "s",
                  "type": {
                    "enum_values": null,
                    "list": false,
                    "nullable": false,
                    "scalar": "String",
                  },
                },
              },
              {
                "mode": "member",
                "property": "tags",
                "type": {
                  "enum_values": null,
                  "list": true,
                  "nullable": true,
                  "scalar": "String",
                },
                "value": {
                  "kind": "literal",
                  "literal": {
                    "kind": "string",
                    "value": "herb",
                  },
                  "type": {
                    "enum_values": null,
                    "list": false,
                    "nullable": false,
                    "scalar": "String",
                  },
                },
              },
            ],
            "typeName": "Plant",
            "variable": "p",
          },
        ],
        "filters": [
          {
            "left": {
              "kind": "property",
              "property": "common",
              "type": {
                "enum_values": null,
                "list": false,
                "nullable": false,
                "scalar": "String",
              },
              "variable": "p",
            },
            "operator": "contains_text",
            "right": {
              "kind": "literal",
              "literal": {
                "kind": "string",
                "value": "a",
              },
              "type": {
                "enum_values": null,
                "list": false,
                "nullable": false,
                "scalar": "String",
              },
            },
          },
        ],
        "negations": [
          {
            "bindings": [],
            "filters": [],
            "negations": [],
            "traversals": [
              {
                "direction": "forward",
                "edge": "Shades",
                "edgeVariable": null,
                "from": "p",
                "max": 1,
                "min": 1,
                "to": "_#1",
              },
            ],
            "variables": [
              {
                "anonymous": true,
                "entity": "node",
                "name": "_#1",
                "typeName": "Plant",
              },
            ],
          },
        ],
        "traversals": [
          {
            "direction": "forward",
            "edge": "GrowsIn",
            "edgeVariable": "g",
            "from": "p",
            "max": 1,
            "min": 1,
            "to": "b",
          },
        ],
        "variables": [
          {
            "anonymous": false,
            "entity": "node",
            "name": "p",
            "typeName": "Plant",
          },
          {
            "anonymous": false,
            "entity": "node",
            "name": "b",
            "typeName": "Bed",
          },
          {
            "anonymous": false,
            "entity": "edge",
            "name": "g",
            "typeName": "GrowsIn",
          },
        ],
      },
      "order": [
        {
          "descending": true,
          "expr": {
            "kind": "alias",
            "name": "n",
          },
        },
        {
          "descending": false,
          "expr": {
            "kind": "property",
            "property": "bid",
            "type": {
              "enum_values": null,
              "list": false,
              "nullable": false,
              "scalar": "String",
            },
            "variable": "b",
          },
        },
      ],
    }
  `);
});

test('a write plan, whole', () => {
  const text = Q(`insert GrowsIn { from: "a", to: "b", slot: 1 }
    update Plant set { watered: now() } where height >= 2.5
    delete Shades where to != "x"`);
  expect(plan(text)).toMatchInlineSnapshot(`
    {
      "kind": "mutation",
      "statements": [
        {
          "assignments": [
            {
              "property": "from",
              "type": {
                "enum_values": null,
                "list": false,
                "nullable": false,
                "scalar": "String",
              },
              "value": {
                "kind": "literal",
                "literal": {
                  "kind": "string",
                  "value": "a",
                },
                "type": {
                  "enum_values": null,
                  "list": false,
                  "nullable": false,
                  "scalar": "String",
                },
              },
            },
            {
              "property": "to",
              "type": {
                "enum_values": null,
                "list": false,
                "nullable": false,
                "scalar": "String",
              },
              "value": {
                "kind": "literal",
                "literal": {
                  "kind": "string",
                  "value": "b",
                },
                "type": {
                  "enum_values": null,
                  "list": false,
                  "nullable": false,
                  "scalar": "String",
                },
              },
            },
            {
              "property": "slot",
              "type": {
                "enum_values": null,
                "list": false,
                "nullable": true,
                "scalar": "I32",
              },
              "value": {
                "kind": "literal",
                "literal": {
                  "kind": "integer",
                  "value": 1n,
                },
                "type": {
                  "enum_values": null,
                  "list": false,
                  "nullable": false,
                  "scalar": "I64",
                },
              },
            },
          ],
          "entity": "edge",
          "kind": "insert",
          "typeName": "GrowsIn",
        },
        {
          "assignments": [
            {
              "property": "watered",
              "type": {
                "enum_values": null,
                "list": false,
                "nullable": true,
                "scalar": "DateTime",
              },
              "value": {
                "kind": "now",
              },
            },
          ],
          "entity": "node",
          "kind": "update",
          "predicate": {
            "operator": ">=",
            "property": "height",
            "type": {
              "enum_values": null,
              "list": false,
              "nullable": true,
              "scalar": "I32",
            },
            "value": {
              "kind": "literal",
              "literal": {
                "kind": "float",
                "value": 2.5,
              },
              "type": {
                "enum_values": null,
                "list": false,
                "nullable": false,
                "scalar": "F64",
              },
            },
          },
          "typeName": "Plant",
        },
        {
          "entity": "edge",
          "kind": "delete",
          "predicate": {
            "operator": "!=",
            "property": "to",
            "type": {
              "enum_values": null,
              "list": false,
              "nullable": false,
              "scalar": "String",
            },
            "value": {
              "kind": "literal",
              "literal": {
                "kind": "string",
                "value": "x",
              },
              "type": {
                "enum_values": null,
                "list": false,
                "nullable": false,
                "scalar": "String",
              },
            },
          },
          "typeName": "Shades",
        },
      ],
    }
  `);
});

test.each([
  ['$p: Plant $p growsIn $b', 'forward', 'p', 'b'],
  ['$p: Plant $b growsIn $p', 'backward', 'b', 'p'],
  ['$b: Bed $b growsIn $p', 'backward', 'b', 'p'],
  ['$b: Bed $p growsIn $b', 'forward', 'p', 'b'],
  ['$p growsIn $b', 'forward', 'p', 'b'],
  ['$q: Plant $p shades $q', 'forward', 'p', 'q'],
  ['$q: Plant $p <shades> $q', 'undirected', 'p', 'q'],
])('%s runs %s', (clauses, direction, from, to) => {
  expect(match(clauses)?.traversals[0]).toMatchObject({ direction, from, to, min: 1, max: 1 });
});

test('inside `not` the direction is inferred as outside', () => {
  expect(match('$b: Bed not { $b growsIn $x }')?.negations[0]).toMatchObject({
    variables: [{ name: 'x', entity: 'node', typeName: 'Plant', anonymous: false }],
    traversals: [{ direction: 'backward', from: 'b', to: 'x' }],
  });
});

test('each `$_` is a variable of its own that no author can name', () => {
  const block = match('$_ growsIn $_ $_: Bed');
  expect(block?.variables).toEqual([
    { name: '_#1', entity: 'node', typeName: 'Plant', anonymous: true },
    { name: '_#2', entity: 'node', typeName: 'Bed', anonymous: true },
    { name: '_#3', entity: 'node', typeName: 'Bed', anonymous: true },
  ]);
});

test('repeated bindings come together', () => {
  const block = match('$p: Plant { code: "a" } $p: Plant { stage: "seed" }');
  expect(block?.bindings).toHaveLength(1);
  expect(block?.bindings[0]?.matches.map(({ property, mode }) => [property, mode])).toEqual([
    ['code', 'equals'],
    ['stage', 'equals'],
  ]);
});

test.each([
  ['$p.tags contains "x"', 'contains_item'],
  ['$p.common contains "x"', 'contains_text'],
  ['"x" contains $p.code', 'contains_text'],
])('%s becomes %s', (filter, operator) => {
  expect(match(`$p: Plant ${filter}`)?.filters[0]?.operator).toBe(operator);
});

test('a text search alone means `= true`', () => {
  expect(match('$p: Plant fuzzy($p.common, "bai", 1)')?.filters[0]).toMatchObject({
    left: { kind: 'fuzzy', maxEdits: { literal: { kind: 'integer', value: 1n } } },
    operator: '=',
    right: { literal: { kind: 'bool', value: true } },
  });
});

test('columns have their run-time names (§4)', () => {
  const read = plan(R('$p, $p.code, 7, now(), $p.height as h, count($p), sum($p.height), search($p.common, "x")'));
  expect(read).toBeUndefined();
  const plain = plan(R('$p, $p.code, 7, now(), $p.height as h, h'));
  expect(plain?.kind === 'read' && plain.items.map(({ column }) => column)).toEqual([
    'p',
    'p.code',
    'literal',
    'now',
    'h',
    'h',
  ]);
  const grouped = plan(R('$p, count($p), sum($p.height), min($p.common) as m'));
  expect(grouped?.kind === 'read' && grouped.items.map(({ column }) => column)).toEqual(['p', 'p', 'p.height', 'm']);
});

test('a rank ordering', () => {
  expect(plan(O('order { rrf(nearest($p.vec, "x"), bm25($p.code, "a"), 5) } limit 2'))).toMatchObject({
    order: [{ descending: false, expr: { kind: 'rrf', arms: [{ kind: 'nearest' }, { kind: 'bm25' }] } }],
    limit: 2n,
  });
});
