/** Everything that decides what fits at a cursor. */
import type { QueryDocument } from '../documents.js';
import type { Cursor } from './cursor.js';
import type { Scope } from './scope.js';

export interface Site {
  readonly document: QueryDocument;
  readonly cursor: Cursor;
  readonly scope: Scope;
}
