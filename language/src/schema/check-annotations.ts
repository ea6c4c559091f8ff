/** Annotation rules of types and properties (S1 d). schema-language.md §6. */
import { suggestion } from '../lexis/index.js';
import { displayType, vectorDimension } from './catalog.js';
import type { AnnotationDeclaration, InterfaceDeclaration } from './declarations.js';
import type { EffectiveProperty, EffectiveType } from './effective.js';
import type { Finding, Place, Placed, SchemaReport } from './placed.js';

const PROPERTY_ONLY = new Set(['key', 'unique', 'index', 'embed']);
const NO_VECTOR = new Set(['key', 'unique']);

/** The header of a node or edge. */
export function checkTypeAnnotations(
  type: EffectiveType,
  annotations: readonly AnnotationDeclaration[],
  report: SchemaReport,
): void {
  const target = `${type.kind} ${type.name}`;
  for (const annotation of annotations) {
    if (!PROPERTY_ONLY.has(annotation.name)) continue;
    const place = { offset: type.offset, span: annotation.span };
    if (type.kind === 'node') {
      report.error('S1', place, {
        code: 'annotation-not-on-types',
        message: `@${annotation.name} belongs on node properties or in the body, not on the header (${target})`,
        remedy: 'move it behind a property',
      });
    } else {
      report.error('S1', place, {
        code: 'annotation-not-on-edges',
        message: `@${annotation.name} is not supported on edges (${target})`,
        remedy: 'remove it',
      });
    }
  }
  checkMetadata('description', annotations, type.offset, target, report);
  checkMetadata('instruction', annotations, type.offset, target, report);
  checkRenameHint(annotations, type.offset, target, report);
}

/** The properties of a node, injected ones included, or of an edge. */
export function checkPropertyAnnotations(type: EffectiveType, report: SchemaReport): void {
  for (const property of type.properties) {
    const { annotations, name } = property.declaration;
    const target = `property ${type.name}.${name.text}`;
    checkMetadata('description', annotations, property.offset, target, report);
    checkRenameHint(annotations, property.offset, target, report);
    const seen = new Set<string>();
    for (const annotation of annotations) {
      checkPropertyAnnotation({ type, property, annotation, repeated: seen.has(annotation.name) }, report);
      seen.add(annotation.name);
    }
  }
}

/** Interface properties: only rename hints are judged here; the rest once a node takes them in (§6). */
export function checkInterfaceAnnotations(placed: Placed<InterfaceDeclaration>, report: SchemaReport): void {
  for (const property of placed.declaration.properties) {
    const target = `property ${placed.declaration.name.text}.${property.name.text}`;
    checkRenameHint(property.annotations, placed.offset, target, report);
  }
}

interface AnnotatedProperty {
  readonly type: EffectiveType;
  readonly property: EffectiveProperty;
  readonly annotation: AnnotationDeclaration;
  readonly repeated: boolean;
}

/** One annotation, in the order of §6: list, vector, blob, instruction, edge, then arity and `@embed`. */
function checkPropertyAnnotation(subject: AnnotatedProperty, report: SchemaReport): void {
  const refusal = misplaced(subject) ?? repetition(subject);
  if (refusal !== undefined) {
    report.error('S1', { offset: subject.property.offset, span: subject.annotation.span }, refusal);
  } else if (subject.annotation.name === 'embed') {
    checkEmbed(subject, report);
  }
}

function misplaced({ type, property, annotation }: AnnotatedProperty): Finding | undefined {
  const { name: word } = annotation;
  const { type: declared, known } = property.declaration.type;
  const name = `${type.name}.${property.declaration.name.text}`;
  const remedy = 'remove it';
  if (known && declared.list && PROPERTY_ONLY.has(word)) {
    return { code: 'annotation-not-on-lists', message: `@${word} is not supported on list property ${name}`, remedy };
  }
  if (known && vectorDimension(declared) !== undefined && NO_VECTOR.has(word)) {
    return {
      code: 'annotation-not-on-vectors',
      message: `@${word} is not supported on vector property ${name}`,
      remedy,
    };
  }
  if (known && declared.scalar === 'Blob' && PROPERTY_ONLY.has(word)) {
    return { code: 'annotation-not-on-blobs', message: `@${word} is not supported on blob property ${name}`, remedy };
  }
  if (word === 'instruction') {
    const message = `@instruction is only for node and edge types, not for property ${name}`;
    return { code: 'instruction-on-property', message, remedy: 'use @description, or move it to the type' };
  }
  if (type.kind === 'edge' && (word === 'key' || word === 'embed')) {
    const message = `@${word} is not supported on edge properties (edge ${name})`;
    return { code: 'annotation-not-on-edge-properties', message, remedy };
  }
  return undefined;
}

function repetition({ type, property, annotation, repeated }: AnnotatedProperty): Finding | undefined {
  if (!repeated || !PROPERTY_ONLY.has(annotation.name)) return undefined;
  const message = `@${annotation.name} repeated on property ${type.name}.${property.declaration.name.text}`;
  return { code: 'repeated-annotation', message, remedy: 'keep one' };
}

function checkEmbed({ type, property, annotation }: AnnotatedProperty, report: SchemaReport): void {
  const name = `${type.name}.${property.declaration.name.text}`;
  const place: Place = { offset: property.offset, span: annotation.span };
  const { type: declared, known } = property.declaration.type;
  if (known && vectorDimension(declared) === undefined) {
    report.error('S1', place, {
      code: 'embed-on-non-vector',
      message: `@embed is only for vector properties; ${name} is ${displayType(declared)}`,
      remedy: 'put it on a Vector(n) property',
    });
    return;
  }
  const source = annotation.value;
  if (source === null || source.text.trim() === '') {
    report.error('S1', place, {
      code: 'embed-without-source',
      message: `@embed on property ${name} needs a source property name (non-blank)`,
      remedy: 'write `@embed(text_property)`',
    });
    return;
  }
  const found = type.byName.get(source.text);
  const sourcePlace = { offset: property.offset, span: source.span };
  if (found === undefined) {
    if (!type.complete) return;
    report.error('S1', sourcePlace, {
      code: 'unknown-property',
      message: `@embed on property ${name}: unknown source property '${source.text}'`,
      ...suggestion(source.text, type.byName.keys()),
    });
    return;
  }
  const { type: sourceType, known: sourceKnown } = found.declaration.type;
  if (sourceKnown && (sourceType.list || sourceType.scalar !== 'String')) {
    report.error('S1', sourcePlace, {
      code: 'embed-source-not-string',
      message: `@embed source ${type.name}.${source.text} must be String, got ${displayType(sourceType)}`,
      remedy: 'embed a String property',
    });
  }
  for (const keyword of annotation.keywords) {
    if (keyword.name.text === 'model') continue;
    report.error(
      'S1',
      { offset: property.offset, span: keyword.name.span },
      {
        code: 'unknown-embed-argument',
        message: `@embed on property ${name}: unknown argument '${keyword.name.text}=' (only 'model' is supported)`,
        remedy: 'remove it',
      },
    );
  }
}

function checkMetadata(
  word: 'description' | 'instruction',
  annotations: readonly AnnotationDeclaration[],
  offset: number,
  target: string,
  report: SchemaReport,
): void {
  const found = annotations.filter((annotation) => annotation.name === word);
  const [first, second] = found;
  if (second !== undefined) {
    report.error(
      'S1',
      { offset, span: second.span },
      {
        code: 'repeated-annotation',
        message: `@${word} repeated on ${target}`,
        remedy: 'keep one',
      },
    );
  }
  if (first !== undefined && (first.value === null || first.value.text.trim() === '')) {
    report.error(
      'S1',
      { offset, span: first.span },
      {
        code: 'blank-annotation',
        message: `@${word} on ${target} needs a non-blank value`,
        remedy: `write \`@${word}("…")\``,
      },
    );
  }
}

function checkRenameHint(
  annotations: readonly AnnotationDeclaration[],
  offset: number,
  target: string,
  report: SchemaReport,
): void {
  const [hint, second] = annotations.filter((annotation) => annotation.name === 'rename_from');
  if (hint === undefined) return;
  if (second !== undefined) {
    report.error(
      'S1',
      { offset, span: second.span },
      {
        code: 'repeated-annotation',
        message: `@rename_from repeated on ${target}`,
        remedy: 'keep the hint that names the accepted name',
      },
    );
  }
  if (hint.value === null || hint.value.text.trim() === '') {
    report.error(
      'S1',
      { offset, span: hint.span },
      {
        code: 'blank-annotation',
        message: `@rename_from on ${target} needs exactly one non-blank positional value`,
        remedy: 'write `@rename_from("OldName")`',
      },
    );
  }
  const [keyword] = hint.keywords;
  if (keyword !== undefined) {
    report.error(
      'S1',
      { offset, span: keyword.name.span },
      {
        code: 'rename-hint-keyword',
        message: `@rename_from on ${target} does not accept keyword arguments`,
        remedy: 'give the old name alone',
      },
    );
  }
}
