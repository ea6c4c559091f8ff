/** What to do about each diagnostic of a schema: by its code, worked out from the declarations it stands in. */
import type { Diagnostic, SourceRange } from '../../diagnostics/index.js';
import { displayType, nearest, nearestType } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import {
  absolute,
  addMember,
  annotate,
  type Change,
  insertBehind,
  type Place,
  placeAt,
  propertyNamed,
  remove,
  replace,
  setNullable,
  textAt,
} from './edits.js';
import { ANNOTATIONS, CONSTRAINTS, DECLARATIONS } from './vocabulary.js';
import { wordAt } from './words.js';

export interface Fix {
  readonly title: string;
  readonly changes: readonly Change[];
  /** What is surely meant: "fix all" does it. */
  readonly sure: boolean;
}

/** A diagnostic of this document, where it stands. */
interface Trouble {
  readonly document: SchemaDocument;
  readonly range: SourceRange;
  /** What is written there. */
  readonly text: string;
  readonly place: Place | undefined;
}

export function fixesOf(diagnostic: Diagnostic, document: SchemaDocument): readonly Fix[] {
  const { code, range } = diagnostic;
  if (range === undefined) return [];
  const trouble = { document, range, text: textAt(document, range), place: placeAt(document, range.offset) };
  return (FIXES.get(code)?.(trouble) ?? []).filter(({ changes }) => changes.length > 0);
}

type Fixer = (trouble: Trouble) => readonly Fix[];

const fix = (title: string, changes: readonly (Change | undefined)[], sure = false): Fix => ({
  title,
  changes: changes.flatMap((change) => change ?? []),
  sure,
});

const removal: Fixer = ({ document, range, text }) => [
  fix(`Remove \`${text.length > 40 ? `${text.slice(0, 39)}…` : text}\``, [remove(document, range)], true),
];

function instead(range: SourceRange, word: string | undefined): readonly Fix[] {
  return word === undefined ? [] : [fix(`Change to \`${word}\``, [replace(range, word)], true)];
}

const ANNOTATION_NAMES = [...ANNOTATIONS.keys(), ...CONSTRAINTS.keys(), 'card'];

const FIXES: ReadonlyMap<string, Fixer> = new Map<string, Fixer>([
  ['syntax-error', syntaxFixes],
  ['unknown-property-type', typeFixes],
  [
    'vector-without-dimension',
    ({ range, text }) => {
      const at = text.indexOf('Vector') + range.offset;
      return [fix('Give it 768 dimensions', [insertBehind({ offset: at, length: 'Vector'.length }, '(768)')])];
    },
  ],
  [
    'unsupported-escape',
    ({ range }) => [fix('Write the backslash twice', [replace({ ...range, length: 0 }, '\\')], true)],
  ],
  [
    'duplicate-enum-value',
    ({ document, range }) => [fix('Remove the repetition', [removeItem(document, range)], true)],
  ],
  ['unknown-interface', interfaceFixes],
  ['unknown-endpoint', endpointFixes],
  ['unknown-property', propertyFixes],
  ['nullable-key', nullableKeyFixes],
  ['annotation-not-on-types', removal],
  ['annotation-not-on-edges', removal],
  ['annotation-not-on-lists', removal],
  ['annotation-not-on-vectors', removal],
  ['annotation-not-on-blobs', removal],
  ['annotation-not-on-edge-properties', removal],
  ['repeated-annotation', removal],
  ['embed-on-non-vector', removal],
  ['constraint-not-on-edges', removal],
  ['multiple-keys', (trouble) => removal(trouble).map((one) => ({ ...one, sure: false }))],
  ['default-has-no-effect', removal],
  ['constraint-on-list', removal],
  ['edge-index', (trouble) => removal(trouble).map((one) => ({ ...one, sure: false }))],
  ['unknown-embed-argument', keywordFixes],
  ['rename-hint-keyword', keywordFixes],
  [
    'instruction-on-property',
    (trouble) => [
      fix(
        'Change to `@description`',
        [replace(trouble.range, trouble.text.replace('instruction', 'description'))],
        true,
      ),
      ...removal(trouble).map((one) => ({ ...one, sure: false })),
    ],
  ],
  [
    'unknown-annotation',
    ({ document, range }) => {
      const name = wordAt(document, range.offset + 1);
      if (name?.role !== 'annotation-name') return [];
      const word = nearest(name.token.text, ANNOTATION_NAMES);
      return word === undefined ? [] : [fix(`Change to \`@${word}\``, [replace(name.span, word)], true)];
    },
  ],
  ['interface-type-mismatch', mismatchFixes],
  [
    'lost-interface-key',
    ({ place, text }) => {
      const property = place && propertyNamed(place, text);
      return place && property ? [fix('Add `@key`', [annotate(place, property, '@key')])] : [];
    },
  ],
  ['node-without-key', keyFixes],
  ['card-without-bounds', cardinalityFixes],
  ['minimum-cardinality', minimumFixes],
  ['inverted-range', invertedFixes],
  ['composite-index', compositeFixes],
]);

function syntaxFixes(trouble: Trouble): readonly Fix[] {
  const { range, text, document } = trouble;
  if (text === ',' || text === ';') return removal(trouble);
  if (text === '#') return [fix('Change to `//`', [replace(range, '//')], true)];
  const word = wordAt(document, range.offset);
  if (word?.role === 'base-type') return instead(range, nearestType(text));
  return instead(range, nearest(text, DECLARATIONS.keys()));
}

function typeFixes({ document, range }: Trouble): readonly Fix[] {
  for (let at = range.offset; at < range.offset + range.length; at += 1) {
    const word = wordAt(document, at);
    if (word?.role !== 'base-type') continue;
    const near = nearestType(word.token.text);
    return near === undefined ? [] : [fix(`Change to \`${near}\``, [replace(word.span, near)], true)];
  }
  return [];
}

/** With the comma that parts it from its neighbour. */
function removeItem({ text }: SchemaDocument, { offset, length }: SourceRange): Change {
  const before = /,\s*$/.exec(text.slice(0, offset))?.[0].length;
  if (before !== undefined) return { offset: offset - before, length: length + before, text: '' };
  const after = /^\s*,\s*/.exec(text.slice(offset + length))?.[0].length ?? 0;
  return { offset, length: length + after, text: '' };
}

function interfaceFixes({ document, range, text, place }: Trouble): readonly Fix[] {
  const declared = `interface ${text} {\n}\n\n`;
  const added = place && { offset: place.declaration.offset, length: 0, text: declared };
  return [
    ...instead(range, nearest(text, document.catalog.interfaces.keys())),
    fix(`Declare \`interface ${text}\``, [added]),
  ];
}

function endpointFixes({ document, range, text, place }: Trouble): readonly Fix[] {
  const near = instead(range, nearest(text, document.catalog.nodes.keys()));
  if (document.catalog.interfaces.has(text)) {
    const nodes = [...document.catalog.nodes.values()].filter((node) => node.implements.includes(text));
    return nodes.map(({ name }) => fix(`Change to \`${name}\``, [replace(range, name)]));
  }
  const declared = `\n\nnode ${text} {\n    slug: String @key\n}`;
  const added = place && insertBehind(place.declaration, declared);
  return [...near, fix(`Declare \`node ${text}\``, [added])];
}

/** In a constraint or as the source of an embedding: what the property must be follows from there. */
function propertyFixes({ document, range, text, place }: Trouble): readonly Fix[] {
  if (place === undefined) return [];
  const { syntax } = place;
  const { nodes, edges } = document.catalog;
  const type = syntax.kind === 'edge' ? edges.get(syntax.name.text) : nodes.get(syntax.name.text);
  const inner = range.offset - place.declaration.offset;
  const constraints = syntax.kind === 'interface' ? [] : syntax.constraints;
  const around = constraints.find(({ span }) => span.offset <= inner && inner < span.offset + span.length);
  const declared = around?.kind === 'range' ? 'I64?' : around?.kind === 'key' ? 'String' : 'String?';
  return [
    ...instead(range, nearest(text, type?.properties.keys() ?? [])),
    fix(`Add property \`${text}: ${declared}\``, [addMember(place, `${text}: ${declared}`)]),
  ];
}

/** The place is the annotation of the property, or the column of a `@key(…)`. */
function nullableKeyFixes({ place, range, text }: Trouble): readonly Fix[] {
  if (place === undefined) return [];
  const inner = range.offset - place.declaration.offset;
  const property =
    propertyNamed(place, text) ??
    place.syntax.properties.find(({ span }) => span.offset <= inner && inner < span.offset + span.length);
  return property === undefined
    ? []
    : [fix(`Make \`${property.name.text}\` required`, [setNullable(place, property, false)], true)];
}

/** `, name=value` between parentheses. */
function keywordFixes({ document, place, range }: Trouble): readonly Fix[] {
  const inner = range.offset - (place?.declaration.offset ?? 0);
  const { syntax } = place ?? {};
  const annotations = [
    ...(syntax === undefined || syntax.kind === 'interface' ? [] : syntax.annotations),
    ...(syntax?.properties.flatMap((property) => property.annotations) ?? []),
  ];
  const keyword = annotations.flatMap(({ keywords }) => keywords).find(({ name }) => name.span.offset === inner);
  if (keyword === undefined || place === undefined) return [];
  const length = keyword.value.span.offset + keyword.value.span.length - keyword.name.span.offset;
  const whole = document.lines.range(range.offset, length);
  return [fix(`Remove \`${textAt(document, whole)}\``, [removeItem(document, whole)], true)];
}

function mismatchFixes({ document, place, range }: Trouble): readonly Fix[] {
  if (place?.syntax.kind !== 'node') return [];
  const inner = range.offset - place.declaration.offset;
  const property = place.syntax.properties.find(({ type }) => type.span.offset === inner);
  if (property === undefined) return [];
  const wanted = place.syntax.implements.flatMap(({ text }) => {
    const supplied = document.catalog.interfaces.get(text)?.properties.get(property.name.text);
    return supplied === undefined ? [] : [displayType(supplied.type)];
  });
  return [...new Set(wanted)].map((type) => fix(`Change to \`${type}\``, [replace(range, type)]));
}

/** The first required text that looks like a name, else the first that could be one. */
function keyFixes({ place }: Trouble): readonly Fix[] {
  if (place === undefined) return [];
  const able = place.syntax.properties.filter(
    ({ type: { type, known } }) =>
      known && !type.nullable && !type.list && typeof type.scalar === 'string' && type.scalar !== 'Blob',
  );
  const texts = able.filter(({ type: { type } }) => type.scalar === 'String' && type.enum_values === null);
  const best = able.find(({ name }) => LIKELY_KEYS.has(name.text)) ?? texts[0] ?? able[0];
  return best === undefined
    ? [fix('Add `slug: String @key`', [addMember(place, 'slug: String @key')])]
    : [fix(`Make \`${best.name.text}\` the key`, [annotate(place, best, '@key')])];
}

const LIKELY_KEYS = new Set(['slug', 'key', 'code', 'uid', 'uuid', 'handle', 'identifier']);

/** `@card` that is no cardinality gives way to one, which stands first behind the endpoints. */
function cardinalityFixes({ document, place, range }: Trouble): readonly Fix[] {
  const { syntax } = place ?? {};
  if (place === undefined || syntax?.kind !== 'edge' || syntax.to === null || syntax.cardinality !== null) return [];
  const inner = range.offset - place.declaration.offset;
  const value = syntax.annotations.find(({ span }) => span.offset === inner)?.value;
  const bounds = value?.kind === 'string' && /^\d+\.\.\d*$/.test(value.text) ? value.text : '0..1';
  const added = insertBehind(absolute(place, syntax.to.span), ` @card(${bounds})`);
  return [fix(`Change to \`@card(${bounds})\``, [remove(document, range), added])];
}

function minimumFixes({ place, range }: Trouble): readonly Fix[] {
  const cardinality = place?.syntax.kind === 'edge' ? place.syntax.cardinality : null;
  if (cardinality === null) return [];
  const text = `@card(0..${cardinality.max ?? ''})`;
  return [fix(`Change to \`${text}\``, [replace(range, text)])];
}

function invertedFixes({ place, range }: Trouble): readonly Fix[] {
  if (place?.syntax.kind !== 'node') return [];
  const inner = range.offset - place.declaration.offset;
  const constraint = place.syntax.constraints.find(({ span }) => span.offset === inner);
  const bounds = constraint?.arguments.find((argument) => argument.kind === 'bounds');
  if (bounds?.kind !== 'bounds') return [];
  const text = `${bounds.max ?? ''}..${bounds.min ?? ''}`;
  return [fix(`Change to \`${text}\``, [replace(absolute(place, bounds.span), text)], true)];
}

function compositeFixes({ place, range }: Trouble): readonly Fix[] {
  if (place === undefined || place.syntax.kind === 'interface') return [];
  const inner = range.offset - place.declaration.offset;
  const constraint = place.syntax.constraints.find(({ span }) => span.offset === inner);
  const columns = constraint?.arguments.flatMap((argument) => (argument.kind === 'name' ? [argument.text] : [])) ?? [];
  const text = columns.map((column) => `@index(${column})`).join('\n    ');
  return [fix('Index the columns one by one', [replace(range, text)])];
}
