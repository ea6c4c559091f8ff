/**
 * One top-level declaration of a schema as plain data, without syntax nodes. Every place is relative to the start of
 * the declaration, so that a declaration keeps its value while the text before it changes. Grammar:
 * schema-language.md §3.
 */
import type { Word as Name, Span } from '../lexis/index.js';
import type { PropType } from './catalog.js';
import type { TypeKind } from './migration-plan.js';

export type { Name };

/** A literal or a bare word between parentheses. `text` is decoded: escapes resolved, quotes gone (§6). */
export interface ArgumentDeclaration {
  readonly kind: 'string' | 'number' | 'boolean' | 'name';
  readonly text: string;
  readonly span: Span;
}

export interface RangeBoundDeclaration {
  readonly kind: 'bounds';
  readonly min: string | null;
  readonly max: string | null;
  readonly span: Span;
}

export type ConstraintArgumentDeclaration = ArgumentDeclaration | RangeBoundDeclaration;

export interface KeywordArgumentDeclaration {
  readonly name: Name;
  readonly value: ArgumentDeclaration;
}

export interface AnnotationDeclaration {
  readonly name: string;
  /** `@` to the closing parenthesis. */
  readonly span: Span;
  readonly value: ArgumentDeclaration | null;
  readonly keywords: readonly KeywordArgumentDeclaration[];
}

export type ConstraintKind = 'key' | 'unique' | 'index' | 'range' | 'check';

export interface ConstraintDeclaration {
  readonly kind: ConstraintKind;
  readonly span: Span;
  readonly arguments: readonly ConstraintArgumentDeclaration[];
}

export interface PropertyTypeDeclaration {
  /** What the type means; a word that names no type stands as `String`, and is reported. */
  readonly type: PropType;
  readonly span: Span;
  /** False when the type was not understood: checks that depend on it keep quiet. */
  readonly known: boolean;
  /** The values of an enum where they stand, in written order, repetitions included; empty for every other type. */
  readonly values: readonly Name[];
}

export interface PropertyDeclaration {
  readonly name: Name;
  readonly type: PropertyTypeDeclaration;
  readonly annotations: readonly AnnotationDeclaration[];
  readonly span: Span;
}

export interface CardinalityDeclaration {
  readonly min: number;
  readonly max: number | null;
  readonly span: Span;
}

interface DeclarationBase {
  readonly kind: TypeKind;
  readonly name: Name;
  readonly properties: readonly PropertyDeclaration[];
  /** The whole declaration had no syntax error. Checks that need every member keep quiet otherwise. */
  readonly complete: boolean;
}

export interface InterfaceDeclaration extends DeclarationBase {
  readonly kind: 'interface';
}

export interface NodeDeclaration extends DeclarationBase {
  readonly kind: 'node';
  readonly annotations: readonly AnnotationDeclaration[];
  readonly implements: readonly Name[];
  readonly constraints: readonly ConstraintDeclaration[];
}

export interface EdgeDeclaration extends DeclarationBase {
  readonly kind: 'edge';
  readonly from: Name | null;
  readonly to: Name | null;
  readonly cardinality: CardinalityDeclaration | null;
  readonly annotations: readonly AnnotationDeclaration[];
  readonly constraints: readonly ConstraintDeclaration[];
}

export type Declaration = InterfaceDeclaration | NodeDeclaration | EdgeDeclaration;

/** What one declaration alone shows to be wrong. `syntax` comes before every other check of the file (§1 order). */
export interface LocalProblem {
  readonly phase: 'syntax' | 'declaration';
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  readonly span: Span;
}

/** A piece of the text, parsed on its own. `declaration` is null when not even its kind and name could be read. */
export interface ParsedPiece {
  readonly declaration: Declaration | null;
  readonly problems: readonly LocalProblem[];
}
