/** What came of a run, and what the result page is sent. Types only: the page shares them. */
import type { RunnableQuery } from 'omnigraph-language/editor';
import type { FormValues } from './parameters.js';

export interface RowsOutcome {
  readonly kind: 'rows';
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowCount: number;
  readonly milliseconds: number;
  /** The answer as it came, so that no digit is lost. */
  readonly json: string;
}

export type QueryOutcome =
  /** Nothing has run yet: parameters are wanted. */
  | { readonly kind: 'form' }
  | { readonly kind: 'failed'; readonly message: string }
  | RowsOutcome
  | { readonly kind: 'changed'; readonly milliseconds: number; readonly json: string };

export interface ResultMessage {
  readonly query: RunnableQuery;
  readonly values: FormValues;
  readonly target: string;
  readonly outcome: QueryOutcome;
}
