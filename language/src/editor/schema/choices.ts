/** What fits at a place of a schema, best first. */
import { CompletionItemKind } from 'vscode-languageserver';
import { type Catalog, displayType, type NodeType, type PropType, type TypeKind } from '../../schema/index.js';
import type { Choice } from '../choice.js';
import type { Cursor } from './cursor.js';
import { type AnyType, code, describeProperty, describeType, outline } from './describe.js';
import type { Walk } from './place.js';
import {
  ANNOTATIONS,
  BASE_TYPES,
  CARDINALITY,
  CONSTRAINTS,
  type ConstraintName,
  DECLARATIONS,
  EDGE_COLUMNS,
  ENUM,
  IMPLEMENTS,
  LIST,
  VECTOR,
  type WordHelp,
} from './vocabulary.js';

/** `undefined` where a name may stand that this schema does not have any more: between those of `@rename_from`. */
export function choicesAt({ walk, inside }: Cursor, catalog: Catalog): readonly Choice[] | undefined {
  if (inside === 'comment') return [];
  if (walk.place.at === 'argument' && walk.place.annotation === 'rename_from') {
    return walk.place.index === 0 ? undefined : [];
  }
  if (inside === 'string') return stringChoices(walk, catalog);
  const { place } = walk;
  switch (place.at) {
    case 'declaration':
      return declarationWords();
    case 'type-name':
      return missingNames(walk.kind, catalog);
    case 'node-header':
      return [
        word('implements', IMPLEMENTS, CompletionItemKind.Keyword, { retrigger: true }),
        ...annotationChoices('node'),
      ];
    case 'edge-header':
      return [
        ...(place.cardinality ? [word('@card', CARDINALITY, CompletionItemKind.Function)] : []),
        ...annotationChoices('edge'),
        ...declarationWords(),
      ];
    case 'interface-name':
      return typeChoices(
        [...catalog.interfaces.values()].filter(({ name }) => !walk.listed.includes(name)),
        catalog,
      );
    case 'endpoint':
      return typeChoices([...catalog.nodes.values()], catalog);
    case 'member':
      return [...injectedChoices(walk, catalog), ...constraintChoices(walk.kind)];
    case 'after-type':
      return [
        ...(place.nullable ? [] : [NULLABLE]),
        ...propertyAnnotations(walk.kind),
        ...constraintChoices(walk.kind),
        ...injectedChoices(walk, catalog),
      ];
    case 'property-type':
      return place.list ? baseTypes().filter(({ label }) => label !== 'Blob') : [...baseTypes(), ...typeForms()];
    case 'enum-value':
      return knownValues(walk, catalog);
    case 'dimension':
      return dimensions(catalog);
    case 'annotation-name':
      return annotationNames(walk, place.on);
    case 'argument':
      return argumentChoices(walk, catalog);
    case 'after-interface':
    case 'punctuation':
      return [];
    default:
      return place satisfies never;
  }
}

interface Extra {
  readonly retrigger?: boolean;
  readonly detail?: string;
}

function word(label: string, help: WordHelp, kind: CompletionItemKind, extra: Extra = {}): Choice {
  const example = help.example === undefined ? '' : `\n\n${code(help.example)}`;
  return { label, kind, documentation: `${help.summary}${example}`, snippet: help.snippet, ...extra };
}

const declarationWords = (): readonly Choice[] =>
  [...DECLARATIONS].map(([name, help]) => word(name, help, CompletionItemKind.Keyword));

/** Names that are used and not declared: most likely what is being declared now. */
function missingNames(kind: TypeKind | undefined, catalog: Catalog): readonly Choice[] {
  const used =
    kind === 'node'
      ? [...catalog.edges.values()].flatMap(({ from, to }) => [from, to])
      : kind === 'interface'
        ? [...catalog.nodes.values()].flatMap((node) => node.implements)
        : [];
  const declared = kind === 'node' ? catalog.nodes : catalog.interfaces;
  return [...new Set(used)]
    .filter((name) => name !== '' && !declared.has(name))
    .map((label) => ({ label, kind: CompletionItemKind.Class, detail: 'used, not declared yet' }));
}

const KINDS = {
  node: CompletionItemKind.Class,
  edge: CompletionItemKind.Event,
  interface: CompletionItemKind.Interface,
} as const;

const typeChoices = (types: readonly AnyType[], catalog: Catalog): readonly Choice[] =>
  types.map((type) => ({
    label: type.name,
    kind: KINDS[type.kind],
    detail: outline(type),
    documentation: describeType(type, catalog),
  }));

const NULLABLE: Choice = {
  label: '?',
  kind: CompletionItemKind.Operator,
  detail: 'may be null',
  documentation: 'The value may be missing. Without it the property is required.',
};

const baseTypes = (): readonly Choice[] =>
  [...BASE_TYPES].map(([label, documentation]) => ({ label, kind: CompletionItemKind.TypeParameter, documentation }));

const typeForms = (): readonly Choice[] => [
  word('enum', ENUM, CompletionItemKind.Enum),
  word('Vector', VECTOR, CompletionItemKind.TypeParameter),
  word('[ ]', LIST, CompletionItemKind.TypeParameter, { retrigger: true }),
];

function annotationChoices(on: 'node' | 'edge' | 'node-property' | 'edge-property' | 'interface-property') {
  return [...ANNOTATIONS]
    .filter(([, help]) => help.on.includes(on))
    .map(([name, help]) => word(`@${name}`, help, CompletionItemKind.Property, { retrigger: name === 'embed' }));
}

const propertyAnnotations = (kind: TypeKind | undefined): readonly Choice[] =>
  annotationChoices(`${kind ?? 'node'}-property`);

/** The label says that it takes arguments, so that it differs from the annotation of the same word. */
function constraintChoices(kind: TypeKind | undefined): readonly Choice[] {
  if (kind === 'interface') return [];
  return [...CONSTRAINTS]
    .filter(([, { onEdges }]) => kind !== 'edge' || onEdges)
    .map(([name, help]) => word(`@${name}(…)`, help, CompletionItemKind.Function, { retrigger: true }));
}

function annotationNames(walk: Walk, on: 'type' | 'property' | 'member'): readonly Choice[] {
  switch (on) {
    case 'type':
      return annotationChoices(walk.kind === 'edge' ? 'edge' : 'node').concat(
        walk.kind === 'edge' ? [word('@card', CARDINALITY, CompletionItemKind.Function)] : [],
      );
    case 'property':
      return [...propertyAnnotations(walk.kind), ...constraintChoices(walk.kind)];
    case 'member':
      return constraintChoices(walk.kind);
    default:
      return on satisfies never;
  }
}

/** Properties of its interfaces that a node does not declare itself. */
function injectedChoices(walk: Walk, catalog: Catalog): readonly Choice[] {
  const node = walk.kind === 'node' ? catalog.nodes.get(walk.name ?? '') : undefined;
  if (node === undefined) return [];
  return [...node.properties.values()]
    .filter(({ declaredDirectly }) => !declaredDirectly)
    .map((property) => {
      const flags = property.flags.map((flag) => ` @${flag}`).join('');
      return {
        label: property.name,
        kind: CompletionItemKind.Field,
        detail: `declare ${property.satisfies.map(({ owner_name }) => owner_name).join(', ')}.${property.name} again`,
        documentation: describeProperty(property, node),
        text: `${property.name}: ${displayType(property.type)}${flags}`,
      };
    });
}

/** The values that enums of the same name have elsewhere. */
function knownValues({ property, listed }: Walk, catalog: Catalog): readonly Choice[] {
  const found = new Map<string, string>();
  for (const type of typesOf(catalog)) {
    for (const value of type.properties.get(property ?? '')?.type.enum_values ?? []) {
      if (!listed.includes(value) && !found.has(value)) found.set(value, type.name);
    }
  }
  return [...found].map(([label, owner]) => ({
    label,
    kind: CompletionItemKind.EnumMember,
    detail: `as in ${owner}.${property ?? ''}`,
  }));
}

const COMMON_DIMENSIONS = [384, 768, 1024, 1536, 3072];

/** Those of the schema first. */
function dimensions(catalog: Catalog): readonly Choice[] {
  const used = typesOf(catalog).flatMap((type) =>
    [...type.properties.values()].flatMap(({ type: { scalar } }) =>
      typeof scalar === 'object' ? [scalar.Vector] : [],
    ),
  );
  return [...new Set([...used, ...COMMON_DIMENSIONS])].map((dimension) => ({
    label: String(dimension),
    kind: CompletionItemKind.Value,
    ...(used.includes(dimension) && { detail: 'as elsewhere in this schema' }),
  }));
}

const typesOf = ({ nodes, edges, interfaces }: Catalog): readonly AnyType[] => [
  ...nodes.values(),
  ...edges.values(),
  ...interfaces.values(),
];

function argumentChoices(walk: Walk, catalog: Catalog): readonly Choice[] {
  const { place } = walk;
  if (place.at !== 'argument') return [];
  const { annotation, index, constraint } = place;
  if (constraint) {
    const single = annotation === 'range' || annotation === 'check';
    return single && index > 0 ? [] : columnChoices(walk, annotation as ConstraintName, catalog);
  }
  if (annotation === 'card') return CARDINALITIES;
  if (annotation !== 'embed') return [];
  if (index === 0) return embedSources(walk, catalog);
  return [{ label: 'model', kind: CompletionItemKind.Keyword, snippet: `model="\${1:model}"`, text: 'model=' }];
}

const CARDINALITIES: readonly Choice[] = [
  { label: '0..1', kind: CompletionItemKind.Value, detail: 'at most one' },
  { label: '1..1', kind: CompletionItemKind.Value, detail: 'exactly one' },
  { label: '0..', kind: CompletionItemKind.Value, detail: 'any number' },
  { label: '1..', kind: CompletionItemKind.Value, detail: 'at least one' },
];

function stringChoices(walk: Walk, catalog: Catalog): readonly Choice[] {
  const { place } = walk;
  const isSource = place.at === 'argument' && place.annotation === 'embed' && place.index === 0;
  return isSource ? embedSources(walk, catalog) : [];
}

function embedSources(walk: Walk, catalog: Catalog): readonly Choice[] {
  return columnsOf(ownerOf(walk, catalog), ({ scalar, list }) => scalar === 'String' && !list);
}

const FITTING: Readonly<Record<ConstraintName, (type: PropType) => boolean>> = {
  key: ({ scalar, list, nullable }) => typeof scalar !== 'object' && scalar !== 'Blob' && !list && !nullable,
  unique: ({ scalar, list }) => typeof scalar !== 'object' && scalar !== 'Blob' && !list,
  index: ({ scalar, list }) => scalar !== 'Blob' && !list,
  range: ({ scalar }) => typeof scalar === 'string' && /^[IUF](32|64)$/.test(scalar),
  check: ({ scalar, list }) => scalar === 'String' && !list,
};

function columnChoices(walk: Walk, constraint: ConstraintName, catalog: Catalog): readonly Choice[] {
  const endpoints = walk.kind !== 'edge' ? [] : [...EDGE_COLUMNS];
  const columns = endpoints.map(
    ([label, documentation]): Choice => ({ label, kind: CompletionItemKind.Field, documentation }),
  );
  return [...columnsOf(ownerOf(walk, catalog), FITTING[constraint]), ...columns].filter(
    ({ label }) => !walk.listed.includes(label),
  );
}

function ownerOf({ kind, name }: Walk, { nodes, edges, interfaces }: Catalog): AnyType | undefined {
  switch (kind) {
    case 'node':
      return nodes.get(name ?? '');
    case 'edge':
      return edges.get(name ?? '');
    case 'interface':
      return interfaces.get(name ?? '');
    case undefined:
      return undefined;
    default:
      return kind satisfies never;
  }
}

function columnsOf(owner: NodeType | AnyType | undefined, fits: (type: PropType) => boolean): readonly Choice[] {
  if (owner === undefined) return [];
  return [...owner.properties.values()]
    .filter(({ type }) => fits(type))
    .map((property) => ({
      label: property.name,
      kind: CompletionItemKind.Field,
      detail: displayType(property.type),
      documentation: describeProperty(property, owner),
    }));
}
