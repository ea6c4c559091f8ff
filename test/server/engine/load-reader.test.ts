import fc from 'fast-check';
import { type Catalog, compileSchema, hasErrors, type Value } from 'omnigraph-language';
import { describe, expect, test } from 'vitest';
import { GraphError } from '../../../server/src/engine/graph-error.js';
import { readLoad } from '../../../server/src/engine/load/index.js';
import type { LoadMode } from '../../../server/src/engine/types.js';

const PORTS = catalogOf(`
node Port {
  code: String @key
  depth: F32?
  exact: F64?
  grade: enum(a, b)?
  berth: I32?
  teu: U32?
  gross: I64?
  mass: U64?
  open: Bool?
  since: Date?
  seen: DateTime?
  tags: [String]?
  days: [Date]?
  vec: Vector(3)?
  plan: Blob?
}
node Berth { port: String  no: I32  @key(port, no) }
node Float { at: F32 @key }
node Day { on: Date @key }
node Note { text: String }
node Odd { constructor: String  toString: String?  __proto__: String? }
edge Route: Port -> Port { km: I32?  leg: String? }
`);

describe('envelope', () => {
  test.each<[string, string, string[]]>([
    ['invalid JSON', '{"type":"Note",', ['line 2', 'invalid JSON']],
    ['two values', '{"type":"Note","data":{"text":"a"}} {}', ['line 2', 'invalid JSON']],
    ['a duplicate member', '{"type":"Port","data":{"code":"A","code":"B"}}', ['line 2', 'invalid JSON', "'code'"]],
    ['an equal duplicate', '{"type":"Note","type":"Note","data":{"text":"a"}}', ['line 2', 'invalid JSON', "'type'"]],
    ['an escaped duplicate', '{"type":"Port","data":{"code":"A","c\\u006fde":"B"}}', ['invalid JSON', "'code'"]],
    [
      'a deep duplicate',
      '{"type":"Note","data":{"text":[{"a":1,"b":[{"a":1,"a":2}]}]}}',
      ['line 2', 'invalid JSON', "'a'"],
    ],
    ['an array', '[1]', ['line 2', 'one JSON object']],
    ['null', 'null', ['line 2', 'one JSON object']],
    ['neither kind', '{"data":{}}', ['line 2', 'exactly one']],
    ['both kinds', '{"type":"Note","edge":"Route"}', ['line 2', 'exactly one']],
    ['an unknown member', '{"type":"Note","data":{"text":"a"},"extra":1}', ['line 2', "'extra'"]],
    ['endpoints on a node', '{"type":"Note","from":"A","data":{"text":"a"}}', ['line 2', "'from'"]],
    ['a type that is no string', '{"type":7}', ['line 2', "'type'", 'expected string']],
    ['an edge that is no string', '{"edge":null,"from":"A","to":"B"}', ['line 2', "'edge'", 'expected string']],
    ['no source', '{"edge":"Route","to":"B"}', ['line 2', "'from'", 'required']],
    ['no target', '{"edge":"Route","from":"A"}', ['line 2', "'to'", 'required']],
    ['a source that is no string', '{"edge":"Route","from":1,"to":"B"}', ['line 2', "'from'", 'expected string']],
    ['data null', '{"type":"Note","data":null}', ['line 2', "'data'", 'must be an object']],
    ['data an array', '{"type":"Note","data":[]}', ['line 2', "'data'", 'must be an object']],
    ['an unknown node type', '{"type":"Quay"}', ['line 2', "unknown node type 'Quay'"]],
    ['a node type in another case', '{"type":"note","data":{"text":"a"}}', ['line 2', "unknown node type 'note'"]],
    ['an unknown edge type', '{"edge":"Path","from":"A","to":"B"}', ['line 2', "unknown edge type 'Path'"]],
    [
      'src in edge data',
      '{"edge":"Route","from":"A","to":"B","data":{"src":"A"}}',
      ['line 2', "'src'", 'reserved structural'],
    ],
    [
      'dst in edge data',
      '{"edge":"Route","from":"A","to":"B","data":{"dst":"A"}}',
      ['line 2', "'dst'", 'reserved structural'],
    ],
    [
      'a reserved member',
      '{"type":"Note","data":{"text":"a"},"_tombstone":true}',
      ['line 2', "'_tombstone'", 'reserved'],
    ],
    ['a reserved property', '{"type":"Note","data":{"text":"a","_rowid":1}}', ['line 2', "'_rowid'", 'reserved']],
    ['an unknown property', '{"type":"Note","data":{"text":"a","tone":1}}', ['line 2', "'tone'", 'node:Note']],
    [
      'a name every object inherits',
      '{"type":"Note","data":{"text":"a","hasOwnProperty":1}}',
      ["'hasOwnProperty'", 'node:Note'],
    ],
    [
      'an id that is no string',
      '{"type":"Note","data":{"id":1,"text":"a"}}',
      ['line 2', "'data.id'", 'must be a string'],
    ],
    ['an id null', '{"type":"Note","data":{"id":null,"text":"a"}}', ['line 2', "'data.id'", 'must be a string']],
    ['an unpaired surrogate', '{"type":"Note","data":{"text":"\\ud83d"}}', ['line 2', 'surrogate']],
    [
      'bottomless nesting',
      `{"type":"Note","data":{"text":${'['.repeat(40_000)}${']'.repeat(40_000)}}}`,
      ['line 2', 'nested'],
    ],
  ])('refuses %s', async (_, line, parts) => {
    await checkRefused(`\n${line}\n`, parts);
  });

  test('reads lines in any order, blank ones, and either line end', async () => {
    const text =
      '\r\n{"edge":"ROUTE","to":"B","from":"A"}\r\n \t \n{"data":{"code":"A"},"type":"Port"}\n{"type":"Port","data":{"code":"B"}}';
    const { nodes, edges } = await read(text);
    expect(nodes.get('Port')?.batch.ids).toEqual(['A', 'B']);
    expect(nodes.get('Port')?.batch.lines).toEqual([4, 5]);
    expect(edges.get('Route')?.batch).toMatchObject({
      ids: ['id1'],
      endpoints: { src: ['A'], dst: ['B'] },
      lines: [2],
    });
  });

  test('an empty file has no types', async () => {
    expect(await read('')).toEqual({ nodes: new Map(), edges: new Map() });
  });

  test('takes properties named like members of every object', async () => {
    const { nodes } = await read('{"type":"Odd","data":{"constructor":"a","__proto__":"b"}}');
    expect(nodes.get('Odd')?.batch.columns).toEqual(
      new Map([
        ['constructor', ['a']],
        ['toString', [null]],
        ['__proto__', ['b']],
      ]),
    );
  });
});

describe('chunks of bytes', () => {
  const text = '\n{"type":"Note","data":{"text":"Zoë ⚓ 😀"}}\r\n\n{"type":"Port","data":{"code":"GÖT"}}';

  test.each([1, 2, 3, 7, 1000])('of %i bytes give the same rows and lines', async (size) => {
    const bytes = new TextEncoder().encode(text);
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    expect(await read(chunks())).toEqual(await read(text));
  });

  test('may open with a byte-order mark', async () => {
    expect(await read(new TextEncoder().encode(`\ufeff${text}`))).toEqual(await read(text));
  });

  test('that are not UTF-8 name the line', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\n{"type":"Note","data":{"text":"a"}}\n'),
      Buffer.from([0x22, 0xff, 0x22]),
    ]);
    await checkRefused(bytes, ['line 3', 'UTF-8']);
  });
});

describe('values', () => {
  test.each<[string, string, Value]>([
    ['code', '"5"', '5'],
    ['depth', '22', 22],
    ['depth', '0.1', Math.fround(0.1)],
    ['exact', '3.0', 3],
    ['exact', '1e2', 100],
    ['exact', '9007199254740993', 9007199254740992],
    ['grade', '"a"', 'a'],
    ['berth', '-2147483648', -2147483648],
    ['berth', '-0', 0],
    ['teu', '4294967295', 4294967295],
    ['gross', '-9223372036854775808', -9223372036854775808n],
    ['gross', '9007199254740993', 9007199254740993n],
    ['gross', '5', 5n],
    ['mass', '18446744073709551615', 18446744073709551615n],
    ['open', 'false', false],
    ['since', '"2024-02-29"', 19782],
    ['since', '19782', 19782],
    ['since', '-1', -1],
    ['seen', '"2025-05-01T06:00:00Z"', 1746079200000],
    ['seen', '"2025-05-01 06:00:00.250"', 1746079200250],
    ['seen', '"2025-05-01T08:00:00+02:00"', 1746079200000],
    ['seen', '"2025-05-01"', 1746057600000],
    ['seen', '1746079200000', 1746079200000],
    ['tags', '["x","y"]', ['x', 'y']],
    ['tags', '[]', []],
    ['days', '["1970-01-02",3]', [1, 3]],
    ['vec', '[1,0.5,-2]', [1, 0.5, -2]],
    ['plan', '"base64:AAE="', { bytes: new Uint8Array([0, 1]) }],
    ['plan', '"base64:"', { bytes: new Uint8Array() }],
    ['depth', 'null', null],
  ])('%s takes %s', async (property, json, expected) => {
    const data = property === 'code' ? `"code":${json}` : `"code":"A","${property}":${json}`;
    const { nodes } = await read(`{"type":"Port","data":{${data}}}`);
    expect(nodes.get('Port')?.batch.columns.get(property)).toEqual([expected]);
  });

  test.each<[string, string, string[]]>([
    ['code', '5', ['expected String', 'got 5']],
    ['code', 'null', ['non-nullable', 'null or invalid values']],
    ['depth', '"22"', ['expected F32', 'got "22"']],
    ['depth', '1e39', ['exceeds F32']],
    ['exact', '1e400', ['exceeds F64']],
    ['exact', 'true', ['expected F64']],
    ['grade', '"z"', ["invalid enum value 'z'", '(expected: a, b)']],
    ['grade', '1', ['expected enum(a, b)']],
    ['berth', '3.5', ['expected I32', 'got 3.5']],
    ['berth', '3.0', ['expected I32']],
    ['berth', '1e2', ['expected I32']],
    ['berth', '"3"', ['expected I32', 'got "3"']],
    ['berth', '2147483648', ['exceeds I32']],
    ['teu', '-1', ['exceeds U32']],
    ['gross', '9223372036854775808', ['exceeds I64']],
    ['gross', '9007199254740993.0', ['expected I64']],
    ['mass', '18446744073709551616', ['exceeds U64']],
    ['mass', '-1', ['exceeds U64']],
    ['open', '"true"', ['expected Bool']],
    ['open', '1', ['expected Bool']],
    ['since', '"2023-02-29"', ['expected Date', 'got "2023-02-29"']],
    ['since', '"2024-02-29T00:00:00Z"', ['expected Date']],
    ['since', '1.5', ['expected Date']],
    ['since', '2147483648', ['exceeds Date']],
    ['seen', '"yesterday"', ['expected DateTime']],
    ['seen', '1.5', ['expected DateTime']],
    ['tags', '"x"', ['expected [String]']],
    ['tags', '["x",null]', ['list item 1 is null']],
    ['tags', '["x",1]', ['list item 1', 'expected String']],
    ['vec', '[1,2]', ['expected 3 values, got 2']],
    ['vec', '[1,2,"3"]', ['vector element 2', 'not numeric']],
    ['vec', '[1,2,null]', ['vector element 2', 'not numeric']],
    ['vec', '[1,2,1e39]', ['vector element 2']],
    ['plan', '"base64:AAE"', ['invalid base64']],
    ['plan', '"base64:_-8="', ['invalid base64']],
    ['plan', '"s3://bucket/plan.pdf"', ['external blob', 'deny']],
    ['plan', '7', ['expected Blob']],
  ])('%s refuses %s', async (property, json, parts) => {
    const data = property === 'code' ? `"code":${json}` : `"code":"A","${property}":${json}`;
    await checkRefused(`{"type":"Port","data":{${data}}}`, ['line 1', 'node:Port', `'${property}'`, ...parts]);
  });

  test('a missing required property is named', async () => {
    await checkRefused('{"type":"Note"}', [
      'line 1',
      'node:Note',
      "non-nullable property 'text' has null or invalid values",
    ]);
  });
});

describe('ids', () => {
  test.each<[string, string, string]>([
    ['a text key', '{"type":"Port","data":{"code":"RTM"}}', 'RTM'],
    ['an equal explicit id', '{"type":"Port","data":{"id":"RTM","code":"RTM"}}', 'RTM'],
    ['a composite key, by property id', '{"type":"Berth","data":{"port":"RTM","no":4}}', '["4","RTM"]'],
    ['a float key, at its width', '{"type":"Float","data":{"at":0.1}}', '0.1'],
    ['a date key', '{"type":"Day","data":{"on":"2024-02-29"}}', '19782'],
    ['an explicit id without a key', '{"type":"Note","data":{"id":"n1","text":"a"}}', 'n1'],
    ['no id and no key', '{"type":"Note","data":{"text":"a"}}', 'id1'],
    ['an explicit edge id', '{"edge":"Route","from":"A","to":"B","data":{"id":"r1"}}', 'r1'],
  ])('%s', async (_, line, id) => {
    const { nodes, edges } = await read(line);
    expect([...nodes.values(), ...edges.values()].map((type) => type.batch.ids)).toEqual([[id]]);
  });

  test('an explicit id that is not the key is refused, naming both', async () => {
    await checkRefused('{"type":"Day","data":{"id":"2024-02-29","on":"2024-02-29"}}', [
      'line 1',
      '"2024-02-29"',
      '"19782"',
    ]);
  });
});

describe('a refused number is quoted as it was written', () => {
  test.each<[string, string]>([
    ['"gross":9223372036854775808', 'value exceeds I64, got 9223372036854775808'],
    ['"mass":18446744073709551616', 'value exceeds U64, got 18446744073709551616'],
    ['"seen":9007199254740993', 'got 9007199254740993'],
    ['"berth":1.0', 'expected I32 integer, got 1.0'],
    ['"gross":1e400', 'expected I64 integer, got a number beyond F64'],
    ['"exact":1e400', 'value exceeds F64, got a number beyond F64'],
  ])('%s', async (member, text) => {
    await checkRefused(`{"type":"Port","data":{"code":"A",${member}}}`, [text]);
  });
});

describe('limits', () => {
  const notes = (count: number) => '{"type":"Note","data":{"text":"a"}}\n'.repeat(count);

  test.each<[string, string, LoadMode, string | undefined]>([
    ['8,192 entities', notes(8192), 'append', undefined],
    ['8,193 entities', notes(8193), 'append', 'keyed entities for node:Note'],
    ['8,193 entities', notes(8193), 'merge', 'keyed entities for node:Note'],
    ['8,193 entities', notes(8193), 'overwrite', undefined],
    ['bytes of a type', largeNotes(), 'merge', 'keyed parsed entity bytes for node:Note'],
    ['bytes of a type', largeNotes(), 'overwrite', 'strict_input_arrow_bytes'],
    ['bytes of blobs', largeBlobs(), 'append', 'decoded blob input bytes for node:Port'],
    [
      'structure marks',
      `{"type":"Note","data":{"text":[${'1,'.repeat(131_072)}1]}}`,
      'append',
      'graph_batch_json_structural_slots',
    ],
    ['a line', `{"type":"Note","data":{"text":"${'a'.repeat(32 * 1024 * 1024)}"}}`, 'append', 'graph_batch_line_bytes'],
  ])('%s', async (_, text, mode, resource) => {
    for (const input of [text, Buffer.from(text)]) {
      const outcome = await read(input, mode).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(outcome instanceof GraphError ? outcome.details.resource_limit?.resource : outcome).toBe(resource);
    }
  });

  test('marks inside strings are not structure', async () => {
    const { nodes } = await read(JSON.stringify({ type: 'Note', data: { text: '{}[],:"\\'.repeat(20_000) } }));
    expect(nodes.get('Note')?.batch.length).toBe(1);
  });
});

describe('any line', () => {
  const member = fc.oneof(
    fc.constantFrom('type', 'edge', 'from', 'to', 'data', 'id', 'text', 'code', 'depth', '__proto__', 'a"b'),
    fc.string({ maxLength: 3 }),
  );
  /** JSON texts in which a member name may come twice. */
  const { json } = fc.letrec<{ json: string; object: string; array: string }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue({ maxDepth: 0 }).map((value) => JSON.stringify(value)),
      tie('object'),
      tie('array'),
    ),
    object: fc
      .array(fc.tuple(member, tie('json')), { maxLength: 4 })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
    array: fc.array(tie('json'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
  }));

  test('is read or refused with its number, never anything else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(json, fc.string()), async (line) => {
        const outcome = await read(`\n${line.replaceAll('\n', ' ')}`).catch((problem: unknown) => problem);
        if (outcome instanceof GraphError) expect(outcome.message).toMatch(/^line 2: /);
        else expect(outcome).not.toBeInstanceOf(Error);
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  test('that repeats a member name inside one object is refused as invalid', async () => {
    await fc.assert(
      fc.asyncProperty(member, json, json, fc.nat(3), async (name, first, second, depth) => {
        const twice = `{${JSON.stringify(name)}:${first},${JSON.stringify(name)}:${second}}`;
        const nested = Array.from({ length: depth }).reduce<string>((inner) => `[{"x":${inner}}]`, twice);
        await checkRefused(`{"type":"Note","data":{"text":${nested}}}`, ['line 1', 'invalid JSON']);
      }),
      { numRuns: 1000, seed: 7 },
    );
  });
});

function catalogOf(source: string): Catalog {
  const { catalog, diagnostics } = compileSchema(source);
  if (catalog === undefined || hasErrors(diagnostics)) throw new Error(JSON.stringify(diagnostics));
  return catalog;
}

function read(source: string | Uint8Array | AsyncIterable<Uint8Array>, mode: LoadMode = 'append') {
  let made = 0;
  const newId = () => {
    made += 1;
    return `id${made}`;
  };
  return readLoad(source, { catalog: PORTS, mode, newId });
}

async function checkRefused(source: string | Uint8Array, parts: readonly string[]): Promise<void> {
  const error = await read(source).then(
    () => undefined,
    (problem: unknown) => problem,
  );
  expect(error).toBeInstanceOf(GraphError);
  const { kind, message } = error as GraphError;
  expect(kind).toBe('bad_request');
  for (const part of parts) expect(message).toContain(part);
}

function largeNotes(): string {
  return `{"type":"Note","data":{"text":"${'a'.repeat(1024 * 1024)}"}}\n`.repeat(33);
}

function largeBlobs(): string {
  const blob = Buffer.alloc(12 * 1024 * 1024).toString('base64');
  return ['A', 'B', 'C'].map((code) => `{"type":"Port","data":{"code":"${code}","plan":"base64:${blob}"}}`).join('\n');
}
