/** Changes that one may want at a cursor though nothing is wrong there. */
import type { PropertyDeclaration } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import {
  absolute,
  annotate,
  type Change,
  type Place,
  placeAt,
  propertyNamed,
  remove,
  replace,
  setNullable,
} from './edits.js';

export interface Refactoring {
  readonly title: string;
  readonly changes: readonly Change[];
}

export function refactoringsAt(document: SchemaDocument, offset: number): readonly Refactoring[] {
  const place = placeAt(document, offset);
  if (place === undefined) return [];
  const inner = offset - place.declaration.offset;
  const property = place.syntax.properties.find(({ span }) => within(span, inner));
  return [
    ...(property === undefined ? [] : [...sortedEnum(place, property, inner), ...optional(place, property, inner)]),
    ...spentHint(place, inner),
    ...propertyForm(place, inner),
  ];
}

interface Span {
  readonly offset: number;
  readonly length: number;
}

const within = ({ offset, length }: Span, at: number): boolean => at >= offset && at <= offset + length;

/** By code point, the order in which they are stored and shown (§4). Comments between the values stay where they are. */
function sortedEnum(place: Place, { type }: PropertyDeclaration, at: number): readonly Refactoring[] {
  if (!within(type.span, at)) return [];
  const sorted = type.values.map(({ text }) => text).sort();
  const changes = type.values.flatMap(({ text, span }, index) => {
    const wanted = sorted[index] ?? text;
    return wanted === text ? [] : [replace(absolute(place, span), wanted)];
  });
  return changes.length === 0 ? [] : [{ title: 'Sort enum values', changes }];
}

function optional(place: Place, property: PropertyDeclaration, at: number): readonly Refactoring[] {
  const { name, type, annotations } = property;
  const isKey =
    annotations.some((annotation) => annotation.name === 'key') ||
    (place.syntax.kind === 'node' &&
      place.syntax.constraints.some(
        (constraint) =>
          constraint.kind === 'key' &&
          constraint.arguments.some((column) => column.kind === 'name' && column.text === name.text),
      ));
  const near = within(type.span, at) || within(name.span, at);
  const change = isKey || !near || !type.known ? undefined : setNullable(place, property, true);
  return change === undefined ? [] : [{ title: `Make \`${name.text}\` optional`, changes: [change] }];
}

function spentHint(place: Place, at: number): readonly Refactoring[] {
  const { syntax, document } = place;
  const annotations = [
    ...(syntax.kind === 'interface' ? [] : syntax.annotations),
    ...syntax.properties.flatMap((property) => property.annotations),
  ];
  const hint = annotations.find(({ name, span }) => name === 'rename_from' && within(span, at));
  if (hint === undefined) return [];
  return [{ title: 'Remove `@rename_from`: it was applied', changes: [remove(document, absolute(place, hint.span))] }];
}

/**
 * `@index(p)` in the body becomes `@index` behind its property: the one change of form that a migration takes (§13);
 * the other way round, or of a key or a uniqueness, an existing graph refuses.
 */
function propertyForm(place: Place, at: number): readonly Refactoring[] {
  const { syntax, document } = place;
  if (syntax.kind !== 'node') return [];
  const constraint = syntax.constraints.find(({ kind, span }) => kind === 'index' && within(span, at));
  const [column, second] = constraint?.arguments ?? [];
  if (constraint === undefined || column?.kind !== 'name' || second !== undefined) return [];
  const property = propertyNamed(place, column.text);
  if (property === undefined || property.type.type.list || property.type.type.scalar === 'Blob') return [];
  const marked = property.annotations.some(({ name }) => name === 'index');
  const changes = [
    remove(document, absolute(place, constraint.span)),
    ...(marked ? [] : [annotate(place, property, '@index')]),
  ];
  return [{ title: `Write \`@index\` behind \`${column.text}\``, changes }];
}
