/** What a cursor is on: a name with its meaning, as the compiler recorded it, or a word of the language. */
import type { Span } from '../../lexis/index.js';
import type { CompiledQueryDeclaration, Occurrence, VariableSymbol } from '../../query/index.js';
import { declarationAt } from '../declarations.js';
import type { QueryDocument } from '../documents.js';
import { touches } from '../positions.js';

export interface NameAt {
  readonly declaration: CompiledQueryDeclaration;
  readonly occurrence: Occurrence;
}

/** The recorded name at a point; spans are relative to the declaration. */
export function nameAt(document: QueryDocument, offset: number): NameAt | undefined {
  const declaration = declarationAt(document, offset);
  const occurrence = declaration?.symbols?.occurrences.find(({ span }) => touches(span, offset - declaration.offset));
  return declaration === undefined || occurrence === undefined ? undefined : { declaration, occurrence };
}

export const variableOf = (
  { symbols }: CompiledQueryDeclaration,
  occurrence: Extract<Occurrence, { kind: 'variable' }>,
): VariableSymbol | undefined => symbols?.variables[occurrence.variable];

/** A name that only its own declaration knows. */
export type LocalName = Extract<Occurrence, { kind: 'variable' | 'parameter' | 'alias' }>;

export const isLocal = (occurrence: Occurrence): occurrence is LocalName =>
  occurrence.kind === 'variable' || occurrence.kind === 'parameter' || occurrence.kind === 'alias';

/** Every place of a local name, in order of place. */
export function placesOf({ symbols }: CompiledQueryDeclaration, name: LocalName): readonly LocalName[] {
  return (symbols?.occurrences ?? []).filter((one): one is LocalName => isLocal(one) && isSame(one, name));
}

function isSame(one: LocalName, other: LocalName): boolean {
  if (one.kind === 'variable') return other.kind === 'variable' && one.variable === other.variable;
  return one.kind === other.kind && one.name === other.name;
}

/** Where a local name is introduced. */
export const introduces = (name: LocalName): boolean => (name.kind === 'variable' ? name.binds : name.declares);

/** The span of the bare name, without `$`. */
export const bareSpan = ({ kind, span }: LocalName): Span =>
  kind === 'alias' ? span : { offset: span.offset + 1, length: span.length - 1 };
