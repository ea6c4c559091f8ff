/** Changes that one may want at a cursor though nothing is wrong there. */
import type { Span } from '../../lexis/index.js';
import {
  type AnnotationDeclaration,
  type Catalog,
  displayType,
  type EdgeType,
  type NodeType,
  type PropertyDeclaration,
  type SchemaDeclaration,
} from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import { acceptedTypeOf, droppedProperties, droppedTypes } from '../symbols/index.js';
import {
  absolute,
  annotate,
  type Change,
  insertBehind,
  propertyNamed,
  remove,
  replace,
  type Site,
  setNullable,
  siteAt,
} from './edits.js';

export interface Refactoring {
  readonly title: string;
  readonly changes: readonly Change[];
}

/** `accepted`: the schema as last applied, where it is known. */
export function refactoringsAt(
  document: SchemaDocument,
  offset: number,
  accepted: Catalog | undefined,
): readonly Refactoring[] {
  const site = siteAt(document, offset);
  if (site === undefined) return [];
  const inner = offset - site.declaration.offset;
  const property = site.syntax.properties.find(({ span }) => within(span, inner));
  return [
    ...(property === undefined ? [] : [...sortedEnum(site, property, inner), ...optional(site, property, inner)]),
    ...spentHint(site, inner, accepted),
    ...keptData(site, inner, accepted),
    ...propertyForm(site, inner),
  ];
}

const within = ({ offset, length }: Span, at: number): boolean => at >= offset && at <= offset + length;

/** By code point, the order in which they are stored and shown (§4). Comments between the values stay where they are. */
function sortedEnum(site: Site, { type }: PropertyDeclaration, at: number): readonly Refactoring[] {
  if (!within(type.span, at)) return [];
  const sorted = type.values.map(({ text }) => text).sort();
  const changes = type.values.flatMap(({ text, span }, index) => {
    const wanted = sorted[index] ?? text;
    return wanted === text ? [] : [replace(absolute(site, span), wanted)];
  });
  return changes.length === 0 ? [] : [{ title: 'Sort enum values', changes }];
}

function optional(site: Site, property: PropertyDeclaration, at: number): readonly Refactoring[] {
  const { name, type, annotations } = property;
  const isKey =
    annotations.some((annotation) => annotation.name === 'key') ||
    (site.syntax.kind === 'node' &&
      site.syntax.constraints.some(
        (constraint) =>
          constraint.kind === 'key' &&
          constraint.arguments.some((column) => column.kind === 'name' && column.text === name.text),
      ));
  const near = within(type.span, at) || within(name.span, at);
  const change = isKey || !near || !type.known ? undefined : setNullable(site, property, true);
  return change === undefined ? [] : [{ title: `Make \`${name.text}\` optional`, changes: [change] }];
}

/** A hint is spent once the accepted schema has the new name; while that is not known, the user has to know. */
function spentHint(site: Site, at: number, accepted: Catalog | undefined): readonly Refactoring[] {
  const { syntax, document } = site;
  const property = syntax.properties.find(({ span }) => within(span, at));
  const annotations = property?.annotations ?? (syntax.kind === 'interface' ? [] : syntax.annotations);
  const hint = annotations.find(({ name, span }) => name === 'rename_from' && within(span, at));
  if (hint === undefined) return [];
  if (accepted !== undefined && !isAccepted(syntax, property, accepted)) return [];
  const title =
    accepted === undefined ? 'Remove `@rename_from` (only once it was applied)' : 'Remove spent `@rename_from`';
  return [{ title, changes: [remove(document, absolute(site, hint.span))] }];
}

/** Whether what is stored has the name that is written now. */
function isAccepted(syntax: SchemaDeclaration, property: PropertyDeclaration | undefined, accepted: Catalog): boolean {
  if (syntax.kind === 'interface') {
    return (
      property !== undefined && accepted.interfaces.get(syntax.name.text)?.properties.has(property.name.text) === true
    );
  }
  const type = acceptedTypeOf(syntax, accepted);
  return property === undefined ? type?.name === syntax.name.text : type?.properties.has(property.name.text) === true;
}

/** What is new here while something like it is gone: a rename that would drop the data (§19). */
function keptData(site: Site, at: number, accepted: Catalog | undefined): readonly Refactoring[] {
  const { syntax } = site;
  if (accepted === undefined || syntax.kind === 'interface') return [];
  const offered = (name: string, change: Change): Refactoring => ({
    title: `Keep the data of \`${name}\`: it was renamed`,
    changes: [change],
  });
  const property = syntax.properties.find(({ name }) => within(name.span, at));
  if (property !== undefined) {
    if (isAccepted(syntax, property, accepted) || hasHint(property.annotations)) return [];
    return droppedProperties(syntax, site.document.catalog, accepted)
      .filter(({ type }) => displayType(type) === displayType(property.type.type))
      .map(({ name }) => offered(name, annotate(site, property, `@rename_from("${name}")`)));
  }
  if (!within(syntax.name.span, at) || hasHint(syntax.annotations) || isAccepted(syntax, undefined, accepted))
    return [];
  const behind = syntax.kind === 'node' ? syntax.name : (syntax.cardinality ?? syntax.to);
  if (behind === null) return [];
  const declarations = site.document.compiled.declarations.flatMap((one) => one.syntax ?? []);
  return droppedTypes(syntax.kind, declarations, accepted)
    .filter((type) => isAlike(syntax, type))
    .map(({ name }) => offered(name, insertBehind(absolute(site, behind.span), ` @rename_from("${name}")`)));
}

const hasHint = (annotations: readonly AnnotationDeclaration[]): boolean =>
  annotations.some(({ name }) => name === 'rename_from');

/** Half of the properties of the smaller of both are the same in name and type; without any, both have none. */
function isAlike({ properties }: SchemaDeclaration, type: NodeType | EdgeType): boolean {
  const direct = [...type.properties.values()].filter(({ declaredDirectly }) => declaredDirectly);
  const shared = properties.filter((property) => {
    const before = type.properties.get(property.name.text);
    return before !== undefined && displayType(before.type) === displayType(property.type.type);
  });
  return shared.length * 2 >= Math.min(properties.length, direct.length);
}

/**
 * `@index(p)` in the body becomes `@index` behind its property: the one change of form that a migration takes (§13);
 * the other way round, or of a key or a uniqueness, an existing graph refuses.
 */
function propertyForm(site: Site, at: number): readonly Refactoring[] {
  const { syntax, document } = site;
  if (syntax.kind !== 'node') return [];
  const constraint = syntax.constraints.find(({ kind, span }) => kind === 'index' && within(span, at));
  const [column, second] = constraint?.arguments ?? [];
  if (constraint === undefined || column?.kind !== 'name' || second !== undefined) return [];
  const property = propertyNamed(site, column.text);
  if (property === undefined || property.type.type.list || property.type.type.scalar === 'Blob') return [];
  const marked = property.annotations.some(({ name }) => name === 'index');
  const changes = [
    remove(document, absolute(site, constraint.span)),
    ...(marked ? [] : [annotate(site, property, '@index')]),
  ];
  return [{ title: `Write \`@index\` behind \`${column.text}\``, changes }];
}
