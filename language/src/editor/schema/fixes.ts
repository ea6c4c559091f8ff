/** What to do about each diagnostic of a schema: by its code, worked out from the declarations it stands in. */
import type { Diagnostic, SourceRange } from '../../diagnostics/index.js';
import { nearest } from '../../lexis/index.js';
import { displayType, nearestType } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import {
  absolute,
  addMember,
  annotate,
  type Change,
  insertBehind,
  propertyNamed,
  remove,
  replace,
  type Site,
  setNullable,
  siteAt,
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
  readonly site: Site | undefined;
}

export function fixesOf(diagnostic: Diagnostic, document: SchemaDocument): readonly Fix[] {
  const { code, range } = diagnostic;
  if (range === undefined) return [];
  const trouble = { document, range, text: textAt(document, range), site: siteAt(document, range.offset) };
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
    ({ site, text }) => {
      const property = site && propertyNamed(site, text);
      return site && property ? [fix('Add `@key`', [annotate(site, property, '@key')])] : [];
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

function interfaceFixes({ document, range, text, site }: Trouble): readonly Fix[] {
  const declared = `interface ${text} {\n}\n\n`;
  const added = site && { offset: site.declaration.offset, length: 0, text: declared };
  return [
    ...instead(range, nearest(text, document.catalog.interfaces.keys())),
    fix(`Declare \`interface ${text}\``, [added]),
  ];
}

function endpointFixes({ document, range, text, site }: Trouble): readonly Fix[] {
  const near = instead(range, nearest(text, document.catalog.nodes.keys()));
  if (document.catalog.interfaces.has(text)) {
    const nodes = [...document.catalog.nodes.values()].filter((node) => node.implements.includes(text));
    return nodes.map(({ name }) => fix(`Change to \`${name}\``, [replace(range, name)]));
  }
  const declared = `\n\nnode ${text} {\n    slug: String @key\n}`;
  const added = site && insertBehind(site.declaration, declared);
  return [...near, fix(`Declare \`node ${text}\``, [added])];
}

/** In a constraint or as the source of an embedding: what the property must be follows from there. */
function propertyFixes({ document, range, text, site }: Trouble): readonly Fix[] {
  if (site === undefined) return [];
  const { syntax } = site;
  const { nodes, edges } = document.catalog;
  const type = syntax.kind === 'edge' ? edges.get(syntax.name.text) : nodes.get(syntax.name.text);
  const inner = range.offset - site.declaration.offset;
  const constraints = syntax.kind === 'interface' ? [] : syntax.constraints;
  const around = constraints.find(({ span }) => span.offset <= inner && inner < span.offset + span.length);
  const declared = around?.kind === 'range' ? 'I64?' : around?.kind === 'key' ? 'String' : 'String?';
  return [
    ...instead(range, nearest(text, type?.properties.keys() ?? [])),
    fix(`Add property \`${text}: ${declared}\``, [addMember(site, `${text}: ${declared}`)]),
  ];
}

/** It stands at the annotation of the property, or the column of a `@key(…)`. */
function nullableKeyFixes({ site, range, text }: Trouble): readonly Fix[] {
  if (site === undefined) return [];
  const inner = range.offset - site.declaration.offset;
  const property =
    propertyNamed(site, text) ??
    site.syntax.properties.find(({ span }) => span.offset <= inner && inner < span.offset + span.length);
  return property === undefined
    ? []
    : [fix(`Make \`${property.name.text}\` required`, [setNullable(site, property, false)], true)];
}

/** `, name=value` between parentheses. */
function keywordFixes({ document, site, range }: Trouble): readonly Fix[] {
  const inner = range.offset - (site?.declaration.offset ?? 0);
  const { syntax } = site ?? {};
  const annotations = [
    ...(syntax === undefined || syntax.kind === 'interface' ? [] : syntax.annotations),
    ...(syntax?.properties.flatMap((property) => property.annotations) ?? []),
  ];
  const keyword = annotations.flatMap(({ keywords }) => keywords).find(({ name }) => name.span.offset === inner);
  if (keyword === undefined || site === undefined) return [];
  const length = keyword.value.span.offset + keyword.value.span.length - keyword.name.span.offset;
  const whole = document.lines.range(range.offset, length);
  return [fix(`Remove \`${textAt(document, whole)}\``, [removeItem(document, whole)], true)];
}

function mismatchFixes({ document, site, range }: Trouble): readonly Fix[] {
  if (site?.syntax.kind !== 'node') return [];
  const inner = range.offset - site.declaration.offset;
  const property = site.syntax.properties.find(({ type }) => type.span.offset === inner);
  if (property === undefined) return [];
  const wanted = site.syntax.implements.flatMap(({ text }) => {
    const supplied = document.catalog.interfaces.get(text)?.properties.get(property.name.text);
    return supplied === undefined ? [] : [displayType(supplied.type)];
  });
  return [...new Set(wanted)].map((type) => fix(`Change to \`${type}\``, [replace(range, type)]));
}

/** The first required text that looks like a name, else the first that could be one. */
function keyFixes({ site }: Trouble): readonly Fix[] {
  if (site === undefined) return [];
  const able = site.syntax.properties.filter(
    ({ type: { type, known } }) =>
      known && !type.nullable && !type.list && typeof type.scalar === 'string' && type.scalar !== 'Blob',
  );
  const texts = able.filter(({ type: { type } }) => type.scalar === 'String' && type.enum_values === null);
  const best = able.find(({ name }) => LIKELY_KEYS.has(name.text)) ?? texts[0] ?? able[0];
  return best === undefined
    ? [fix('Add `slug: String @key`', [addMember(site, 'slug: String @key')])]
    : [fix(`Make \`${best.name.text}\` the key`, [annotate(site, best, '@key')])];
}

const LIKELY_KEYS = new Set(['slug', 'key', 'code', 'uid', 'uuid', 'handle', 'identifier']);

/** `@card` that is no cardinality gives way to one, which stands first behind the endpoints. */
function cardinalityFixes({ document, site, range }: Trouble): readonly Fix[] {
  const { syntax } = site ?? {};
  if (site === undefined || syntax?.kind !== 'edge' || syntax.to === null || syntax.cardinality !== null) return [];
  const inner = range.offset - site.declaration.offset;
  const value = syntax.annotations.find(({ span }) => span.offset === inner)?.value;
  const bounds = value?.kind === 'string' && /^\d+\.\.\d*$/.test(value.text) ? value.text : '0..1';
  const added = insertBehind(absolute(site, syntax.to.span), ` @card(${bounds})`);
  return [fix(`Change to \`@card(${bounds})\``, [remove(document, range), added])];
}

function minimumFixes({ site, range }: Trouble): readonly Fix[] {
  const cardinality = site?.syntax.kind === 'edge' ? site.syntax.cardinality : null;
  if (cardinality === null) return [];
  const text = `@card(0..${cardinality.max ?? ''})`;
  return [fix(`Change to \`${text}\``, [replace(range, text)])];
}

function invertedFixes({ site, range }: Trouble): readonly Fix[] {
  if (site?.syntax.kind !== 'node') return [];
  const inner = range.offset - site.declaration.offset;
  const constraint = site.syntax.constraints.find(({ span }) => span.offset === inner);
  const bounds = constraint?.arguments.find((argument) => argument.kind === 'bounds');
  if (bounds?.kind !== 'bounds') return [];
  const text = `${bounds.max ?? ''}..${bounds.min ?? ''}`;
  return [fix(`Change to \`${text}\``, [replace(absolute(site, bounds.span), text)], true)];
}

function compositeFixes({ site, range }: Trouble): readonly Fix[] {
  if (site === undefined || site.syntax.kind === 'interface') return [];
  const inner = range.offset - site.declaration.offset;
  const constraint = site.syntax.constraints.find(({ span }) => span.offset === inner);
  const columns = constraint?.arguments.flatMap((argument) => (argument.kind === 'name' ? [argument.text] : [])) ?? [];
  const text = columns.map((column) => `@index(${column})`).join('\n    ');
  return [fix('Index the columns one by one', [replace(range, text)])];
}
