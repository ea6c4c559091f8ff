/** One thing to offer at a cursor, before it becomes an LSP completion item. */
import type { CompletionItemKind, TextEdit } from 'vscode-languageserver';
import type { QueryDocument } from '../documents.js';
import type { Cursor } from './cursor.js';
import type { Scope } from './scope.js';

export interface Choice {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** What is written, unless the label. */
  readonly text?: string;
  readonly snippet?: string;
  /** Ask again where the cursor then is. */
  readonly retrigger?: boolean;
  readonly edits?: readonly TextEdit[];
}

/** Everything that decides what fits. */
export interface Site {
  readonly document: QueryDocument;
  readonly cursor: Cursor;
  readonly scope: Scope;
}
