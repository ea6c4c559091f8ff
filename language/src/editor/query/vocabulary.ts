/** What every word of the language means, in a sentence or two: for completion, hover and signature help. */
import type { FunctionWord } from '../../query/index.js';
import type { BaseScalar } from '../../schema/index.js';

export interface WordHelp {
  readonly summary: string;
  readonly snippet?: string;
}

interface FunctionHelp extends WordHelp {
  readonly snippet: string;
  readonly result: string;
  readonly parameters: readonly { readonly label: string; readonly help: string }[];
}

const FIELD = { label: 'field', help: 'A `String` property of a bound node: `$p.name`.' };
const QUERY = { label: 'query', help: 'The text searched for: a string or a `String` parameter.' };
const AGGREGATED = { label: 'value', help: 'A property, or a bound variable for `count`.' };

/** query-language.md §§6–7. */
export const FUNCTIONS: ReadonlyMap<string, FunctionHelp> = new Map<FunctionWord, FunctionHelp>([
  [
    'count',
    {
      summary: 'Counts the rows of a group in which the value is not null; of a node, all rows.',
      snippet: `count(\\$\${1:x})`,
      result: 'I64',
      parameters: [AGGREGATED],
    },
  ],
  [
    'sum',
    {
      summary: 'The sum of a numeric property over a group; null when it has no value.',
      snippet: `sum(\\$\${1:x}.\${2:property})`,
      result: 'F64?',
      parameters: [{ label: 'value', help: 'A numeric property.' }],
    },
  ],
  [
    'avg',
    {
      summary: 'The mean of a numeric property over a group; null when it has no value.',
      snippet: `avg(\\$\${1:x}.\${2:property})`,
      result: 'F64?',
      parameters: [{ label: 'value', help: 'A numeric property.' }],
    },
  ],
  [
    'min',
    {
      summary: 'The least number or string of a group.',
      snippet: `min(\\$\${1:x}.\${2:property})`,
      result: "the property's type",
      parameters: [{ label: 'value', help: 'A property that is a number or a `String`.' }],
    },
  ],
  [
    'max',
    {
      summary: 'The greatest number or string of a group.',
      snippet: `max(\\$\${1:x}.\${2:property})`,
      result: "the property's type",
      parameters: [{ label: 'value', help: 'A property that is a number or a `String`.' }],
    },
  ],
  [
    'now',
    {
      summary: 'The instant of the request, the same everywhere in it.',
      snippet: 'now()',
      result: 'DateTime',
      parameters: [],
    },
  ],
  [
    'search',
    {
      summary: 'True when the field shares at least one word with the query, whatever its case and ending.',
      snippet: `search(\\$\${1:x}.\${2:property}, \${3:"text"})`,
      result: 'Bool',
      parameters: [FIELD, QUERY],
    },
  ],
  [
    'match_text',
    {
      summary: 'The same as `search`: true when the field shares at least one word with the query.',
      snippet: `match_text(\\$\${1:x}.\${2:property}, \${3:"text"})`,
      result: 'Bool',
      parameters: [FIELD, QUERY],
    },
  ],
  [
    'fuzzy',
    {
      summary: 'As `search`, but a word may differ by some edits.',
      snippet: `fuzzy(\\$\${1:x}.\${2:property}, \${3:"text"})`,
      result: 'Bool',
      parameters: [FIELD, QUERY, { label: 'edits', help: 'How many letters may differ; 2 unless given.' }],
    },
  ],
  [
    'nearest',
    {
      summary:
        'Orders by distance to a vector, the nearest first. Needs a `limit`; rows without a vector are left out.',
      snippet: `nearest(\\$\${1:x}.\${2:embedding}, \\$\${3:query})`,
      result: 'F64',
      parameters: [
        { label: 'field', help: 'A vector property of a bound node.' },
        { label: 'query', help: 'A vector of the same dimension, or a string that is embedded first.' },
      ],
    },
  ],
  [
    'bm25',
    {
      summary: 'Orders by how well a text matches, the best first, and leaves out what shares no word.',
      snippet: `bm25(\\$\${1:x}.\${2:property}, \\$\${3:query})`,
      result: 'F64',
      parameters: [FIELD, QUERY],
    },
  ],
  [
    'rrf',
    {
      summary: 'Fuses two rankings of one variable into one (reciprocal rank fusion). Needs a `limit`.',
      snippet: `rrf(nearest(\\$\${1:x}.\${2:embedding}, \\$\${3:query}), bm25(\\$\${1:x}.\${4:text}, \\$\${3:query}))`,
      result: 'F64',
      parameters: [
        { label: 'first', help: '`nearest(…)` or `bm25(…)`.' },
        { label: 'second', help: '`nearest(…)` or `bm25(…)`.' },
        { label: 'k', help: 'Dampens the top ranks; 60 unless given.' },
      ],
    },
  ],
]);

/** Literals that are written like calls. */
export const TEMPORAL: ReadonlyMap<string, FunctionHelp> = new Map([
  [
    'date',
    {
      summary: 'A calendar day.',
      snippet: `date("\${1:2026-01-31}")`,
      result: 'Date',
      parameters: [{ label: '"YYYY-MM-DD"', help: 'Checked when the query runs.' }],
    },
  ],
  [
    'datetime',
    {
      summary: 'An instant.',
      snippet: `datetime("\${1:2026-01-31T08:00:00Z}")`,
      result: 'DateTime',
      parameters: [
        { label: '"YYYY-MM-DDThh:mm:ssZ"', help: 'Checked when the query runs; a day alone is its midnight.' },
      ],
    },
  ],
]);

export const AGGREGATES = ['count', 'sum', 'avg', 'min', 'max'] as const;
export const SEARCHES = ['search', 'match_text', 'fuzzy'] as const;
export const RANKS = ['nearest', 'bm25', 'rrf'] as const;

/** query-language.md §2. */
export const KEYWORDS: ReadonlyMap<string, WordHelp> = new Map<string, WordHelp>([
  ['query', { summary: 'Declares a named query with its parameters.' }],
  ['match', { summary: 'What to find: nodes, the edges between them, and conditions.', snippet: `match {\n    $0\n}` }],
  [
    'return',
    {
      summary: 'The columns of the result. Beside an aggregate the others are grouping keys.',
      snippet: `return { $0 }`,
    },
  ],
  ['order', { summary: 'Sorts the rows: nulls come first ascending, last descending.', snippet: `order { $0 }` }],
  ['limit', { summary: 'The most rows to return.', snippet: `limit \${1:10}` }],
  [
    'not',
    {
      summary: 'Leaves out rows for which the block finds something. It must mention a variable bound outside.',
      snippet: `not {\n    $0\n}`,
    },
  ],
  ['as', { summary: 'Names the column.', snippet: 'as $0' }],
  ['asc', { summary: 'Smallest first, nulls before everything. The default.' }],
  ['desc', { summary: 'Greatest first, nulls behind everything.' }],
  [
    'insert',
    { summary: 'Adds a node or an edge; a node with a key replaces the one that has it.', snippet: 'insert $0' },
  ],
  ['update', { summary: 'Sets properties of every node that the predicate matches.', snippet: 'update $0' }],
  ['delete', { summary: 'Removes what the predicate matches; with a node all its edges.', snippet: 'delete $0' }],
  ['set', { summary: 'The properties to change.', snippet: `set { $0 }` }],
  ['where', { summary: 'One comparison that picks what is changed or removed.', snippet: 'where $0' }],
  ['true', { summary: 'A `Bool`.' }],
  ['false', { summary: 'A `Bool`.' }],
]);

export const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['=', 'Equal. A null on either side never matches.'],
  ['!=', 'Different. A null on either side never matches.'],
  ['<', 'Less.'],
  ['<=', 'Less or equal.'],
  ['>', 'Greater.'],
  ['>=', 'Greater or equal.'],
  ['contains', 'The list has the item, or the text has the text in it, case and all.'],
  ['starts_with', 'The text begins with the text, case and all.'],
]);

export const QUERY_ANNOTATIONS: ReadonlyMap<string, WordHelp & { readonly parameter: string }> = new Map([
  [
    '@description',
    {
      summary: 'Says what the query is for, to clients, agents and the tool catalogue.',
      snippet: `@description("\${1:text}")`,
      parameter: 'What it answers, in a sentence.',
    },
  ],
  [
    '@instruction',
    {
      summary: 'Tells agents when and how to use the query.',
      snippet: `@instruction("\${1:text}")`,
      parameter: 'When to use it, and how.',
    },
  ],
]);

/** query-language.md §9: what a caller passes. */
export const PARAMETER_TYPES: ReadonlyMap<BaseScalar, string> = new Map([
  ['String', 'A JSON string.'],
  ['Bool', '`true` or `false`.'],
  ['I32', 'A whole number of 32 bits.'],
  ['I64', 'A whole number of 64 bits, as a number or as a decimal string.'],
  ['U32', 'A whole number of 32 bits, not negative.'],
  ['U64', 'A whole number of 64 bits, not negative, as a number or as a decimal string.'],
  ['F32', 'A number of 32 bits.'],
  ['F64', 'A number of 64 bits.'],
  ['Date', 'A day as a string: `2026-01-31`.'],
  ['DateTime', 'An instant as a string: `2026-01-31T08:00:00Z`.'],
  ['Blob', 'A URI, or base64 as a string.'],
]);

/** What the ends of an edge are called in a mutation. */
export const ENDPOINTS: ReadonlyMap<'from' | 'to', string> = new Map([
  ['from', 'The id of the node the edge leaves: the text of its key.'],
  ['to', 'The id of the node the edge enters: the text of its key.'],
]);

export const READ_TEMPLATE = `query \${1:name}(\${2}) {\n    match {\n        \\$\${3:x}: \${4:Type}\n    }\n    return { \\$\${3:x}$0 }\n}`;
export const MUTATION_TEMPLATE = `query \${1:name}(\${2}) {\n    insert \${3:Type} { $0 }\n}`;
