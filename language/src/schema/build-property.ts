/** A declared property as the catalog has it: flags, embedding, opaque annotations. schema-language.md §§6, 10, 11. */
import type { Annotation, EmbedSource, Property, PropertyFlag } from './catalog.js';
import type { AnnotationDeclaration, PropertyDeclaration } from './declarations.js';
import type { EffectiveProperty } from './effective.js';
import type { SchemaReport } from './placed.js';

const FLAGS: readonly PropertyFlag[] = ['key', 'unique', 'index'];
/** Annotations with a field of their own; they never stand among the opaque ones (§11). */
const TYPED_ON_PROPERTIES = new Set(['rename_from', 'embed', ...FLAGS]);

export function buildProperty(effective: EffectiveProperty, report: SchemaReport): Property {
  const { declaration, offset, injectedBy, satisfies } = effective;
  return {
    name: declaration.name.text,
    type: declaration.type.type,
    annotations: opaqueAnnotations(declaration.annotations, TYPED_ON_PROPERTIES),
    flags: flagsOf(declaration),
    embed: embedOf(declaration),
    declaredDirectly: injectedBy === null,
    satisfies,
    renameFrom: renameHint(declaration.annotations),
    ...(injectedBy === null ? { range: report.range({ offset, span: declaration.name.span }) } : {}),
  };
}

/** The annotations of a type's header; only the rename hint has a field of its own there. */
export const typeAnnotations = (annotations: readonly AnnotationDeclaration[]): readonly Annotation[] =>
  opaqueAnnotations(annotations, new Set(['rename_from']));

/** The old name a hint gives, or null. */
export function renameHint(annotations: readonly AnnotationDeclaration[]): string | null {
  return annotations.find((annotation) => annotation.name === 'rename_from')?.value?.text ?? null;
}

/** What two interfaces must agree on when both inject a property (§8): everything but the rename hint, as one text. */
export function propertyMeaning(declaration: PropertyDeclaration): string {
  return JSON.stringify([
    declaration.type.type,
    flagsOf(declaration),
    embedOf(declaration),
    opaqueAnnotations(declaration.annotations, TYPED_ON_PROPERTIES),
  ]);
}

function flagsOf(declaration: PropertyDeclaration): readonly PropertyFlag[] {
  return FLAGS.filter((flag) => declaration.annotations.some((annotation) => annotation.name === flag));
}

function embedOf(declaration: PropertyDeclaration): EmbedSource | null {
  const embed = declaration.annotations.find((annotation) => annotation.name === 'embed');
  if (embed === undefined || embed.value === null) return null;
  // A repeated keyword argument: the last one wins (§3).
  const model = embed.keywords.findLast((keyword) => keyword.name.text === 'model')?.value.text ?? null;
  return { property_name: embed.value.text, model };
}

/** Sorted by JSON text, exact repetitions folded. */
function opaqueAnnotations(
  annotations: readonly AnnotationDeclaration[],
  typed: ReadonlySet<string>,
): readonly Annotation[] {
  const byText = new Map<string, Annotation>();
  for (const declaration of annotations) {
    if (typed.has(declaration.name)) continue;
    const annotation = annotationOf(declaration);
    byText.set(JSON.stringify(annotation), annotation);
  }
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, annotation]) => annotation);
}

function annotationOf(declaration: AnnotationDeclaration): Annotation {
  const base = { name: declaration.name, value: declaration.value?.text ?? null };
  if (declaration.keywords.length === 0) return base;
  const keywords = new Map(declaration.keywords.map((keyword) => [keyword.name.text, keyword.value.text]));
  const sorted = [...keywords].sort(([left], [right]) => (left < right ? -1 : 1));
  return { ...base, kwargs: Object.fromEntries(sorted) };
}
