/** What one check of one query carries around: the catalog it sees, its parameters, its problems, fresh names. */
import type { Span, Word } from '../../lexis/index.js';
import type { EdgeType, NodeType, PropType } from '../../schema/catalog.js';
import type { Problem } from '../problem.js';
import type { Occurrence, QuerySymbols, VariableSymbol } from '../symbols.js';
import type { TrackedCatalog } from './tracked-catalog.js';

/**
 * A variable in scope; `variable` is its index among the symbols. `unknown`: its binding was refused already, so
 * nothing more is said about it.
 */
export type Bound = Meaning & { readonly span: Span; readonly variable: number };

type Meaning =
  | { readonly entity: 'node'; readonly type: NodeType }
  | { readonly entity: 'edge'; readonly type: EdgeType }
  | { readonly entity: 'unknown' };

export type Scope = Map<string, Bound>;

type Extras = Pick<Problem, 'remedy' | 'related'>;

export class CheckContext {
  readonly catalog: TrackedCatalog;
  /** `undefined` value: declared with a type that was refused. */
  readonly params = new Map<string, PropType | undefined>();
  readonly usedParams = new Set<string>();
  readonly #errors: Problem[] = [];
  readonly #advice: Problem[] = [];
  readonly #variables: VariableSymbol[] = [];
  readonly #occurrences: Occurrence[] = [];
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

  /** The type of a declared parameter that is used here; `undefined` when its type was refused. */
  useParam(name: string, span: Span): PropType | undefined {
    this.usedParams.add(name);
    this.note({ kind: 'parameter', name, declares: false, span });
    return this.params.get(name);
  }

  /** A name no author can write, for a `$_`. */
  freshName(): string {
    this.#anonymous += 1;
    return `_#${this.#anonymous}`;
  }

  /** Binds a name in `scope`, visible up to `end`; an earlier, refused binding of it gives way. */
  bind({ text: name, span }: Word, meaning: Meaning, scope: Scope, end: number): void {
    const typeName = meaning.entity === 'unknown' ? null : meaning.type.name;
    const visible = { offset: span.offset, length: Math.max(span.length, end - span.offset) };
    this.#variables.push({ name, entity: meaning.entity, typeName, span, visible });
    scope.set(name, { ...meaning, span, variable: this.#variables.length - 1 });
  }

  /** Records what a name means; see `QuerySymbols`. */
  note(occurrence: Occurrence): void {
    this.#occurrences.push(occurrence);
  }

  get symbols(): QuerySymbols {
    const occurrences = [...this.#occurrences].sort((a, b) => a.span.offset - b.span.offset);
    return { variables: this.#variables, occurrences };
  }

  get errorCount(): number {
    return this.#errors.length;
  }

  /** Errors in the order of §3.2's precedence, then advice. */
  get problems(): readonly Problem[] {
    return [...this.#errors, ...this.#advice];
  }
}
