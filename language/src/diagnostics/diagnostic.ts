/**
 * The one shape every problem takes, from the parser to the HTTP body: a stable code, a severity, a message in the
 * user's words, a place (a range in a text, an address in a cluster, or both) and what to do about it.
 */
export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** Zero-based line, and character in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A half-open piece of a text. `offset` and `length` count UTF-16 code units from the start of the document. */
export interface SourceRange {
  readonly start: Position;
  readonly end: Position;
  readonly offset: number;
  readonly length: number;
}

export interface RelatedLocation {
  readonly uri?: string;
  readonly range: SourceRange;
  readonly message: string;
}

/**
 * The stage that refused. S1–S5: schema-language.md §1; P (parse), T (type check), X (execution): query-language.md;
 * L: lint; C: cluster configuration and control plane; Y: policy.
 */
export type Stage = 'S1' | 'S2' | 'S3' | 'S4' | 'S5' | 'P' | 'T' | 'X' | 'L' | 'C' | 'Y';

export interface Diagnostic {
  /** Stable, never reused: `T6`, `L201`, `duplicate_query_name`, `unknown-interface`… */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence without the stage prefix; see `headline`. */
  readonly message: string;
  readonly stage?: Stage;
  readonly uri?: string;
  readonly range?: SourceRange;
  /** Address in a cluster (`graphs.fleet.schema`, `query.fleet.vessel_by_imo`). */
  readonly path?: string;
  /** What the user can do about it. */
  readonly remedy?: string;
  readonly related?: readonly RelatedLocation[];
}

/** A value together with what was wrong on the way to it. The value is as complete as the input allowed. */
export interface Checked<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === 'error';

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.some(isError);
