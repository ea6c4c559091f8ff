/** What types and properties share in a migration: the unsupported step, and annotations. schema-language.md §13. */
import type { Annotation } from './catalog.js';
import type { MigrationStep } from './migration-plan.js';

export const unsupported = (entity: string, reason: string, code?: string): MigrationStep =>
  code === undefined
    ? { kind: 'unsupported_change', entity, reason }
    : { kind: 'unsupported_change', entity, reason, code };

interface AnnotationDifference {
  /** The desired `@description` and `@instruction`, when they changed. */
  readonly metadata?: readonly Annotation[];
  /** Any other annotation changed. */
  readonly opaque: boolean;
}

/** Only `@description` and `@instruction` may change on what exists (§13). */
export function diffAnnotations(before: readonly Annotation[], after: readonly Annotation[]): AnnotationDifference {
  const [oldMetadata, newMetadata] = [before.filter(isMetadata), after.filter(isMetadata)];
  const text = (annotations: readonly Annotation[]): string => JSON.stringify(annotations);
  const rest = (annotations: readonly Annotation[]): string => text(annotations.filter((one) => !isMetadata(one)));
  const opaque = rest(before) !== rest(after);
  return text(oldMetadata) === text(newMetadata) ? { opaque } : { metadata: newMetadata, opaque };
}

const isMetadata = (annotation: Annotation): boolean =>
  annotation.name === 'description' || annotation.name === 'instruction';
