/** What a fix is made from, and what it is. */
import type { SourceRange } from '../../diagnostics/index.js';
import type { CompiledQueryDeclaration } from '../../query/index.js';
import type { QueryDocument, SchemaDocument } from '../documents.js';
import type { Change } from './changes.js';

export interface Fix {
  readonly title: string;
  readonly changes: readonly Change[];
  /** What is surely meant: "fix all" does it. */
  readonly sure: boolean;
}

/** A diagnostic of a query, where it stands. */
export interface Trouble {
  readonly document: QueryDocument;
  /** Absent when the query has none. */
  readonly schema: SchemaDocument | undefined;
  readonly declaration: CompiledQueryDeclaration;
  readonly range: SourceRange;
  /** What is written there. */
  readonly text: string;
}

export type Fixer = (trouble: Trouble) => readonly Fix[];
