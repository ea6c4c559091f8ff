import { type Catalog, compileSchema, findEdge, hasErrors } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import {
  type ChangeSet,
  type CommittedState,
  constraintViolations,
  type EntityBatch,
  type TypeChange,
  type Violation,
} from '../../../server/src/engine/constraints/index.js';
import type { TypeKey } from '../../../server/src/engine/transaction.js';
import { memorySnapshot, type Row } from './memory-graph.js';

const SCHEMA = `
node Port {
  code: String @key
  depth: F64?
  berths: I64?
  name: String?
  grade: enum(a, b)?
  @range(depth, 0..30.5)
  @range(berths, 1..)
  @check(name, "^[A-Z]")
}
node Line {
  code: String @key
  imo: String?
  founded: Date?
  fleet: I32?
  rate: F64?
  @unique(imo)
  @unique(founded, fleet)
  @unique(rate)
}
node Note { text: String? }
edge Route: Port -> Port { leg: String?  kind: enum(sea, land)?  @unique(src, leg) }
edge Owns: Line -> Port @card(1..2)
edge Berths: Line -> Port @card(0..1)
`;

const CATALOG = catalogOf(SCHEMA);

type Rows = Readonly<Record<string, readonly Row[]>>;

interface Change {
  /** Final rows by type name. */
  readonly write?: Rows;
  /** Input rows where ids repeat. */
  readonly input?: Rows;
  readonly remove?: Readonly<Record<string, readonly string[]>>;
  readonly replace?: Rows;
  readonly cascaded?: boolean;
}

const port = (code: string, more: Row = {}): Row => ({ id: code, code, ...more });
const line = (code: string, more: Row = {}): Row => ({ id: code, code, ...more });
const edge = (id: string, src: string, dst: string, more: Row = {}): Row => ({ id, src, dst, ...more });

describe('values', () => {
  test.each<[string, Change, string[]]>([
    [
      'bounds are inclusive',
      { write: { Port: [port('A', { depth: 0 }), port('B', { depth: 30.5, berths: 1n })] } },
      [],
    ],
    ['null passes', { write: { Port: [port('A')] } }, []],
    ['below', { write: { Port: [port('A', { depth: -1 })] } }, ['@range violation on Port.depth: value -1 < min 0']],
    ['above', { write: { Port: [port('A', { depth: 31 })] } }, ['@range violation on Port.depth: value 31 > max 30.5']],
    [
      'an integer',
      { write: { Port: [port('A', { berths: 0n })] } },
      ['@range violation on Port.berths: value 0 < min 1'],
    ],
    [
      'NaN',
      { write: { Port: [port('A', { depth: Number.NaN })] } },
      ['@range violation on Port.depth: NaN is outside every range'],
    ],
    [
      'a pattern',
      { write: { Port: [port('A', { name: 'a' }), port('B', { name: 'Bb' })] } },
      ["@check violation on Port.name: value 'a' does not match pattern '^[A-Z]'"],
    ],
    [
      'an enum',
      { write: { Port: [port('A', { grade: 'z' })] } },
      ["invalid enum value 'z' for Port.grade (expected: a, b)"],
    ],
    [
      'an enum of an edge',
      { write: { Route: [edge('r', 'RTM', 'GOT', { kind: 'air' })] } },
      ["invalid enum value 'air' for Route.kind (expected: land, sea)"],
    ],
    [
      'ranges, then checks, then enums',
      { write: { Port: [port('A', { grade: 'z' }), port('B', { name: 'b' }), port('C', { depth: 99 })] } },
      [
        '@range violation on Port.depth: value 99 > max 30.5',
        "@check violation on Port.name: value 'b' does not match pattern '^[A-Z]'",
        "invalid enum value 'z' for Port.grade (expected: a, b)",
      ],
    ],
  ])('%s', checkViolations);

  test('an invalid pattern, of a schema accepted before patterns were checked, refuses every write', async () => {
    const { catalog } = compileSchema('node Port { code: String @key  name: String?  @check(name, "(?=a)") }');
    const [violation] = await violationsOf({ write: { Port: [port('A')] } }, {}, catalog);
    expect(violation?.message).toMatch(/^@check violation on Port\.name: invalid regex '\(\?=a\)': /);
  });
});

describe('keys and uniqueness', () => {
  test.each<[string, Change, string[]]>([
    ['a committed key is the same entity', { write: { Port: [port('RTM')] } }, []],
    [
      'one key twice in an input',
      { input: { Port: [port('A'), port('A')] }, write: { Port: [port('A')] } },
      ["@unique violation on Port.code: value 'A' is held by both 'A' and 'A'"],
    ],
    [
      'one tuple in the change',
      { write: { Line: [line('X', { imo: '7' }), line('Y', { imo: '7' })] } },
      ["@unique violation on Line.imo: value '7' is held by both 'X' and 'Y'"],
    ],
    [
      'one tuple against a committed entity',
      { write: { Line: [line('X', { imo: '1' })] } },
      ["@unique violation on Line.imo: value '1' is held by both 'MSK' and 'X'"],
    ],
    ['its holder itself changed', { write: { Line: [line('MSK', { imo: '1' })] } }, []],
    ['its holder moved away', { write: { Line: [line('MSK', { imo: '2' }), line('X', { imo: '1' })] } }, []],
    ['a swap', { write: { Line: [line('MSK', { imo: '3' }), line('ONE', { imo: '1' })] } }, []],
    ['its holder deleted', { write: { Line: [line('X', { imo: '1' })] }, remove: { Line: ['MSK'], Owns: ['o1'] } }, []],
    ['its holder replaced', { replace: { Line: [line('X', { imo: '1' })], Owns: [] } }, []],
    ['nulls are exempt', { write: { Line: [line('X'), line('Y')] } }, []],
    ['one null member exempts', { write: { Line: [line('X', { founded: 5 }), line('Y', { founded: 5 })] } }, []],
    [
      'a tuple without text, committed',
      { write: { Line: [line('X', { founded: 10, fleet: 3 })] } },
      ["@unique violation on Line.(fleet, founded): value ('3', '10') is held by both 'MSK' and 'X'"],
    ],
    [
      'both zeros are one value',
      { write: { Line: [line('X', { rate: 0 }), line('Y', { rate: -0 })] } },
      ["@unique violation on Line.rate: value '0' is held by both 'X' and 'Y'"],
    ],
    [
      'a number that is not finite',
      { write: { Line: [line('X', { rate: Number.NaN })] } },
      ['@unique violation on Line.rate: non-finite value NaN of rate'],
    ],
    [
      'an edge tuple with an endpoint',
      { write: { Route: [edge('r9', 'RTM', 'OSL', { leg: 'north' })] } },
      ["@unique violation on Route.(leg, src): value ('north', 'RTM') is held by both 'r1' and 'r9'"],
    ],
    [
      'one tuple twice under one id in an input',
      {
        input: { Route: [edge('r9', 'OSL', 'GOT', { leg: 'a' }), edge('r9', 'OSL', 'RTM', { leg: 'a' })] },
        write: { Route: [edge('r9', 'OSL', 'RTM', { leg: 'a' })] },
      },
      ["@unique violation on Route.(leg, src): value ('a', 'OSL') is held by both 'r9' and 'r9'"],
    ],
    [
      'a tuple of an input that a later record replaces',
      {
        input: { Route: [edge('r9', 'RTM', 'GOT', { leg: 'north' }), edge('r9', 'RTM', 'GOT', { leg: 'b' })] },
        write: { Route: [edge('r9', 'RTM', 'GOT', { leg: 'b' })] },
      },
      [],
    ],
    ['another endpoint', { write: { Route: [edge('r9', 'GOT', 'OSL', { leg: 'north' })] } }, []],
  ])('%s', checkViolations);
});

describe('endpoints', () => {
  test.each<[string, Change, string[]]>([
    ['both committed', { write: { Route: [edge('r9', 'RTM', 'GOT')] } }, []],
    ['both in the change', { write: { Port: [port('A'), port('B')], Route: [edge('r9', 'A', 'B')] } }, []],
    [
      'neither',
      { write: { Route: [edge('r9', 'A', 'B')] } },
      ["src 'A' not found in Port, needed by edge Route 'r9'", "dst 'B' not found in Port, needed by edge Route 'r9'"],
    ],
    [
      'one deleted by the same change',
      { write: { Route: [edge('r9', 'RTM', 'OSL')] }, remove: { Port: ['OSL'] } },
      ["dst 'OSL' not found in Port, needed by edge Route 'r9'"],
    ],
    [
      'a deleted node strands kept edges',
      { remove: { Port: ['RTM'] } },
      ["src 'RTM' not found in Port, needed by edge Route 'r1'"],
    ],
    ['its edges deleted too', { remove: { Port: ['RTM'], Route: ['r1'] } }, []],
    ['its edges moved away', { remove: { Port: ['RTM'] }, write: { Route: [edge('r1', 'GOT', 'OSL')] } }, []],
    [
      'a replaced type strands kept edges',
      { replace: { Port: [port('RTM')] } },
      [
        "dst 'GOT' not found in Port, needed by edge Owns 'o1'",
        "dst 'GOT' not found in Port, needed by edge Route 'r1'",
      ],
    ],
    ['replaced with what they need', { replace: { Port: [port('RTM'), port('GOT')] } }, []],
    ['both sides replaced', { replace: { Port: [port('A')], Route: [edge('r9', 'A', 'A')], Owns: [] } }, []],
    [
      'a replaced edge type needs committed nodes',
      { replace: { Route: [edge('r9', 'RTM', 'Z')] } },
      ["dst 'Z' not found in Port, needed by edge Route 'r9'"],
    ],
  ])('%s', checkViolations);
});

describe('cardinality', () => {
  test.each<[string, Change, string[]]>([
    ['a source without edges is fine', { write: { Line: [line('X')] } }, []],
    ['up to the maximum', { write: { Owns: [edge('o9', 'MSK', 'RTM')] } }, []],
    [
      'above it',
      { write: { Owns: [edge('o8', 'MSK', 'RTM'), edge('o9', 'MSK', 'OSL')] } },
      ["@card violation on edge Owns: source 'MSK' has 3 edges (max 2)"],
    ],
    [
      'an edge written again counts once',
      { write: { Owns: [edge('o1', 'MSK', 'RTM'), edge('o9', 'MSK', 'OSL')] } },
      [],
    ],
    [
      'the last edge taken away',
      { remove: { Owns: ['o1'] } },
      ["@card violation on edge Owns: source 'MSK' has 0 edges (min 1)"],
    ],
    [
      'the last edge moved to another source',
      { write: { Owns: [edge('o1', 'ONE', 'GOT')] } },
      ["@card violation on edge Owns: source 'MSK' has 0 edges (min 1)"],
    ],
    [
      'taken by the far node',
      { remove: { Port: ['GOT'], Owns: ['o1'], Route: ['r1'] }, cascaded: true },
      ["@card violation on edge Owns: source 'MSK' has 0 edges (min 1)"],
    ],
    ['a deleted source is exempt', { remove: { Line: ['MSK'], Owns: ['o1'] }, cascaded: true }, []],
    [
      'an overwrite is judged by what it writes',
      { replace: { Berths: [edge('b8', 'MSK', 'RTM'), edge('b9', 'MSK', 'OSL')] } },
      ["@card violation on edge Berths: source 'MSK' has 2 edges (max 1)"],
    ],
    ['and not by what it leaves', { replace: { Owns: [] } }, []],
    [
      'sources by id',
      {
        write: {
          Berths: [
            edge('b6', 'ONE', 'RTM'),
            edge('b7', 'ONE', 'OSL'),
            edge('b8', 'MSK', 'RTM'),
            edge('b9', 'MSK', 'OSL'),
          ],
        },
      },
      [
        "@card violation on edge Berths: source 'MSK' has 2 edges (max 1)",
        "@card violation on edge Berths: source 'ONE' has 2 edges (max 1)",
      ],
    ],
  ])('%s', checkViolations);
});

test('values of all types come first, then node uniqueness, then per edge type', async () => {
  const change: Change = {
    write: {
      Berths: [edge('b8', 'MSK', 'RTM'), edge('b9', 'MSK', 'RTM')],
      Route: [edge('r9', 'Z', 'RTM', { kind: 'air' })],
      Line: [line('X', { imo: '1' })],
      Port: [port('A', { depth: -1 })],
    },
  };
  expect((await violationsOf(change)).map(({ kind, typeName, entityId }) => [kind, typeName, entityId])).toEqual([
    ['value_constraint_violation', 'Port', null],
    ['value_constraint_violation', 'Route', null],
    ['unique_violation', 'Line', 'X'],
    ['cardinality_violation', 'Berths', null],
    ['orphan_edge', 'Route', 'r9'],
  ]);
});

test('rows read from a file say their line', async () => {
  const rows = { ...batchOf(CATALOG, 'Port', [port('A', { depth: -1 })]), lines: [7] };
  const change: TypeChange = { type: rows.type, rows, freshIds: false, deleted: new Set(), replacesAll: false };
  const changes: ChangeSet = { catalog: CATALOG, types: new Map([['node:Port', change]]), cascaded: false };
  expect((await collect(changes, committedState({}, CATALOG))).map(({ message }) => message)).toEqual([
    '@range violation on Port.depth: value -1 < min 0 (line 7)',
  ]);
});

const COMMITTED: Rows = {
  Port: [port('RTM', { depth: 22 }), port('GOT'), port('OSL')],
  Line: [line('MSK', { imo: '1', founded: 10, fleet: 3 }), line('ONE', { imo: '3' })],
  Route: [edge('r1', 'RTM', 'GOT', { leg: 'north' })],
  Owns: [edge('o1', 'MSK', 'GOT')],
};

async function checkViolations(_: string, change: Change, expected: readonly string[]): Promise<void> {
  expect((await violationsOf(change)).map(({ message }) => message)).toEqual(expected);
}

async function violationsOf(
  change: Change,
  committed = COMMITTED,
  catalog: Catalog | undefined = CATALOG,
): Promise<readonly Violation[]> {
  return collect(changeSet(change, catalog), committedState(committed, catalog));
}

async function collect(changes: ChangeSet, state: CommittedState): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  for await (const violation of constraintViolations(changes, state)) found.push(violation);
  return found;
}

function changeSet(change: Change, catalog: Catalog): ChangeSet {
  const { write = {}, input = {}, remove = {}, replace = {}, cascaded = false } = change;
  const names = new Set([write, input, remove, replace].flatMap((part) => Object.keys(part)));
  const types = [...names].map((name): [TypeKey, TypeChange] => {
    const type = catalog.nodes.get(name) ?? findEdge(catalog, name);
    if (type === undefined) throw new Error(`no type ${name}`);
    const rows = write[name] ?? replace[name];
    const given = input[name];
    return [
      `${type.kind}:${name}`,
      {
        type,
        rows: rows === undefined ? undefined : batchOf(catalog, name, rows),
        ...(given === undefined ? {} : { input: batchOf(catalog, name, given) }),
        freshIds: false,
        deleted: new Set(remove[name] ?? []),
        replacesAll: replace[name] !== undefined,
      },
    ];
  });
  return { catalog, types: new Map(types), cascaded };
}

function batchOf(catalog: Catalog, name: string, rows: readonly Row[]): EntityBatch {
  const type = catalog.nodes.get(name) ?? findEdge(catalog, name);
  if (type === undefined) throw new Error(`no type ${name}`);
  const texts = (column: string) => rows.map((row) => String(row[column]));
  return {
    type,
    length: rows.length,
    ids: texts('id'),
    ...(type.kind === 'edge' ? { endpoints: { src: texts('src'), dst: texts('dst') } } : {}),
    columns: new Map([...type.properties.keys()].map((column) => [column, rows.map((row) => row[column] ?? null)])),
  };
}

/** Committed rows by type name, as a snapshot serves them. */
function committedState(committed: Rows, catalog: Catalog): CommittedState {
  return memorySnapshot(
    catalog,
    Object.fromEntries(
      Object.entries(committed).map(([name, rows]) => [`${catalog.nodes.has(name) ? 'node' : 'edge'}:${name}`, rows]),
    ),
  );
}

function catalogOf(source: string): Catalog {
  const { catalog, diagnostics } = compileSchema(source);
  if (catalog === undefined || hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics));
  return catalog;
}
