/** What every word of the language means, in one sentence or two: for completion, hover and signature help. */
import type { BaseScalar } from '../../schema/index.js';

export interface WordHelp {
  readonly summary: string;
  /** How it is written, with the places to fill in as a snippet. */
  readonly snippet: string;
  readonly example?: string;
}

/** schema-language.md §4. */
export const BASE_TYPES: ReadonlyMap<BaseScalar, string> = new Map([
  ['String', 'UTF-8 text.'],
  ['Bool', '`true` or `false`.'],
  ['I32', 'A whole number of 32 bits: −2,147,483,648 to 2,147,483,647.'],
  ['I64', 'A whole number of 64 bits.'],
  ['U32', 'A whole number from 0 to 4,294,967,295.'],
  ['U64', 'A whole number of 64 bits, not negative.'],
  ['F32', 'A floating-point number of 32 bits.'],
  ['F64', 'A floating-point number of 64 bits.'],
  ['Date', 'A calendar day, such as `2026-05-17`.'],
  ['DateTime', 'An instant with milliseconds, such as `2026-05-17T08:30:00Z`.'],
  ['Blob', 'Bytes, stored with the graph (`base64:…`) or kept outside and named by a URI.'],
]);

export const VECTOR: WordHelp = {
  summary: 'A vector of *n* 32-bit floats, for similarity search. `@embed` fills it from a text property.',
  snippet: `Vector(\${1:768})`,
};

export const ENUM: WordHelp = {
  summary: 'Text out of a fixed set of words. Values may be added later, not removed. Their order means nothing.',
  snippet: `enum(\${1:first}, \${2:second})`,
};

export const LIST: WordHelp = {
  summary: 'A list of base values; not of `Blob`, vectors or enums.',
  snippet: `[\${1:String}]`,
};

export const DECLARATIONS: ReadonlyMap<'node' | 'edge' | 'interface', WordHelp> = new Map([
  [
    'node',
    {
      summary: 'Declares a type of nodes with its properties and constraints.',
      snippet: `node \${1:Name} {\n    \${2:slug}: String @key\n    $0\n}`,
      example: 'node Person {\n    slug: String @key\n    name: String @index\n}',
    },
  ],
  [
    'edge',
    {
      summary:
        'Declares a type of directed edges from one type of nodes to another. A body with properties may follow.',
      snippet: `edge \${1:Name}: \${2:From} -> \${3:To}$0`,
      example: 'edge WorksAt: Person -> Company @card(0..1) {\n    since: Date?\n}',
    },
  ],
  [
    'interface',
    {
      summary: 'Declares properties that every node which `implements` it has.',
      snippet: `interface \${1:Name} {\n    \${2:name}: String\n    $0\n}`,
      example: 'interface Named {\n    name: String\n}',
    },
  ],
]);

export const IMPLEMENTS: WordHelp = {
  summary: 'The interfaces whose properties this node has. Annotations of the node stand before it.',
  snippet: 'implements $0',
};

export interface Parameter {
  readonly label: string;
  readonly help: string;
}

interface AnnotationHelp extends WordHelp {
  readonly parameters: readonly Parameter[];
  /** What it may stand behind (§6). */
  readonly on: readonly ('node' | 'edge' | 'interface-property' | 'node-property' | 'edge-property')[];
}

const EVERY_PROPERTY = ['interface-property', 'node-property', 'edge-property'] as const;

/** schema-language.md §6. */
export const ANNOTATIONS: ReadonlyMap<string, AnnotationHelp> = new Map<string, AnnotationHelp>([
  [
    'key',
    {
      summary: 'Identifies a node: ids are derived from it. The property must be required; one key per node.',
      snippet: '@key',
      parameters: [],
      on: ['node-property', 'interface-property'],
    },
  ],
  [
    'unique',
    { summary: 'No two of the type have the same value.', snippet: '@unique', parameters: [], on: EVERY_PROPERTY },
  ],
  [
    'index',
    {
      summary: 'An index: full text for a `String`, by similarity for a vector, ordered for everything else.',
      snippet: '@index',
      parameters: [],
      on: EVERY_PROPERTY,
    },
  ],
  [
    'embed',
    {
      summary: 'Fills this vector with the embedding of a text property of the same node.',
      snippet: `@embed(\${1:source})`,
      example: 'embedding: Vector(768)? @embed(brief, model="text-embedding-3-small")',
      parameters: [
        { label: 'source', help: 'The `String` property whose text is embedded.' },
        { label: 'model="…"', help: "The model; without it the provider's own." },
      ],
      on: ['node-property', 'interface-property'],
    },
  ],
  [
    'description',
    {
      summary: 'Says what it is, for clients and agents.',
      snippet: `@description("\${1:text}")`,
      parameters: [{ label: '"text"', help: 'What it is, in a sentence.' }],
      on: ['node', 'edge', ...EVERY_PROPERTY],
    },
  ],
  [
    'instruction',
    {
      summary: 'Tells clients and agents how to use the type.',
      snippet: `@instruction("\${1:text}")`,
      parameters: [{ label: '"text"', help: 'How to use it.' }],
      on: ['node', 'edge'],
    },
  ],
  [
    'rename_from',
    {
      summary: 'The name it had before: the migration renames it and keeps the data. Spent once it was applied.',
      snippet: `@rename_from("\${1:OldName}")`,
      parameters: [{ label: '"old name"', help: 'Its name in the schema that is applied now.' }],
      on: ['node', 'edge', ...EVERY_PROPERTY],
    },
  ],
]);

export const CARDINALITY: AnnotationHelp = {
  summary: 'How many edges of this type may leave one node. Without it any number.',
  snippet: `@card(\${1:0}..\${2:1})`,
  parameters: [{ label: 'min..max', help: 'Bounds; leave the maximum out for any number.' }],
  on: ['edge'],
};

export type ConstraintName = 'key' | 'unique' | 'index' | 'range' | 'check';

interface ConstraintHelp extends WordHelp {
  readonly parameters: readonly Parameter[];
  readonly onEdges: boolean;
}

/** schema-language.md §7: the forms with arguments, which stand in a body. */
export const CONSTRAINTS: ReadonlyMap<ConstraintName, ConstraintHelp> = new Map<ConstraintName, ConstraintHelp>([
  [
    'key',
    {
      summary: 'The properties that identify a node together. One key per node; none of them may be null.',
      snippet: `@key(\${1:property})`,
      parameters: [{ label: 'property, …', help: 'Properties of this node.' }],
      onEdges: false,
    },
  ],
  [
    'unique',
    {
      summary: 'No two of the type agree in all of these columns.',
      snippet: `@unique(\${1:property})`,
      parameters: [{ label: 'column, …', help: 'Properties; on an edge also `src` and `dst`.' }],
      onEdges: true,
    },
  ],
  [
    'index',
    {
      summary: 'An index over these columns. Over several columns, and on edges, it is recorded and none is built.',
      snippet: `@index(\${1:property})`,
      parameters: [{ label: 'column, …', help: 'Properties; on an edge also `src` and `dst`.' }],
      onEdges: true,
    },
  ],
  [
    'range',
    {
      summary: 'Bounds of a number, both included. Either may be left out.',
      snippet: `@range(\${1:property}, \${2:0}..\${3:100})`,
      parameters: [
        { label: 'property', help: 'A numeric property.' },
        { label: 'min..max', help: 'Bounds, such as `0..100`, `0..` or `..100`.' },
      ],
      onEdges: false,
    },
  ],
  [
    'check',
    {
      summary:
        'A pattern (RE2) that is found in every value; `^…$` for the whole of it. Backslashes are written twice.',
      snippet: `@check(\${1:property}, "\${2:^[a-z]+\\$}")`,
      parameters: [
        { label: 'property', help: 'A `String` property.' },
        { label: '"pattern"', help: 'A regular expression, such as `"^[A-Z]{3}$"`.' },
      ],
      onEdges: false,
    },
  ],
]);

/** The columns that every edge has beside its properties. */
export const EDGE_COLUMNS: ReadonlyMap<'src' | 'dst', string> = new Map([
  ['src', 'The id of the node the edge leaves.'],
  ['dst', 'The id of the node the edge enters.'],
]);
