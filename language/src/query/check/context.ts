/** What one check of one query carries around: the catalog it sees, its parameters, its problems, fresh names. */
import type { EdgeType, NodeType, PropType } from '../../schema/catalog.js';
import type { Problem } from '../problem.js';
import type { Span } from '../span.js';
import type { TrackedCatalog } from './tracked-catalog.js';

/** A variable in scope. `unknown`: its binding was refused already, so nothing more is said about it. */
export type Bound =
  | { readonly entity: 'node'; readonly type: NodeType; readonly span: Span }
  | { readonly entity: 'edge'; readonly type: EdgeType; readonly span: Span }
  | { readonly entity: 'unknown'; readonly span: Span };

export type Scope = Map<string, Bound>;

export type Extras = Pick<Problem, 'remedy' | 'related'>;

export class CheckContext {
  readonly catalog: TrackedCatalog;
  /** `undefined` value: declared with a type that was refused. */
  readonly params = new Map<string, PropType | undefined>();
  readonly usedParams = new Set<string>();
  readonly #errors: Problem[] = [];
  readonly #advice: Problem[] = [];
  #anonymous = 0;

  constructor(catalog: TrackedCatalog) {
    this.catalog = catalog;
  }

  /** `code` is a T code or, for an uncoded type error, a kebab-case one. */
  error(code: string, message: string, span: Span, extras: Extras = {}): void {
    this.#errors.push({ code, stage: 'T', severity: 'error', message, span, ...extras });
  }

  /** What type-checks but is surely not what its author wants (§10.3). */
  advise(code: string, message: string, span: Span, extras: Extras = {}): void {
    this.#advice.push({ code, stage: 'L', severity: 'warning', message, span, ...extras });
  }

  /** A name no author can write, for a `$_`. */
  freshName(): string {
    this.#anonymous += 1;
    return `_#${this.#anonymous}`;
  }

  get errorCount(): number {
    return this.#errors.length;
  }

  /** Errors in the order of §3.2's precedence, then advice. */
  get problems(): readonly Problem[] {
    return [...this.#errors, ...this.#advice];
  }
}
