/**
 * The track of a walk: the token it is at, the roles it has given, and, where the tokens end, what it knew there. All
 * walking functions write to one track, and what is expected at the end is whatever was asked for last.
 */
import { COMPARISONS, type OpenCall, type Place, type TokenRole, WORD_OPERATORS } from './place.js';
import type { QueryToken } from './tokens.js';

export interface Walk {
  /** What may stand behind the last token. */
  readonly place: Place;
  /** One for each token. */
  readonly roles: readonly TokenRole[];
  /** The innermost open call first. */
  readonly calls: readonly OpenCall[];
  /** Where the clause or item that the end stands in begins: before it everything is whole. */
  readonly whole: number;
  /** What closes the text before `whole`. */
  readonly closing: string;
  /** Bare variables that stand for a value, in order of place. */
  readonly uses: readonly VariableUse[];
  /** Names that clauses bind: nodes by `:` or as ends of traversals, edges by `$w:`. */
  readonly binds: ReadonlySet<string>;
}

export interface VariableUse {
  readonly name: string;
  readonly offset: number;
  readonly place: Place;
}

export class WalkTrack {
  readonly #tokens: readonly QueryToken[];
  readonly #end: number;
  readonly #roles: TokenRole[] = [];
  readonly #closing: string[] = [];
  readonly #calls: OpenCall[] = [];
  readonly #uses: VariableUse[] = [];
  readonly #binds = new Set<string>();
  #lists = 0;
  #whole: number;
  #place: Place = { at: 'top' };
  #ending: Pick<Walk, 'whole' | 'closing' | 'calls'> | undefined;

  /** `tokens` without comments; `end` is the offset behind the last of interest. */
  constructor(tokens: readonly QueryToken[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
    this.#whole = tokens[0]?.offset ?? end;
  }

  result(): Walk {
    const { whole, closing, calls } = this.#ending ?? this.#now();
    const [roles, uses, binds] = [this.#roles, this.#uses, this.#binds];
    return { place: this.#place, roles, calls, whole, closing, uses, binds };
  }

  /** The next token, and what would be right in its place. */
  next(place: Place): QueryToken | undefined {
    const token = this.peek();
    if (this.#ending !== undefined) return token;
    this.#place = place;
    if (token === undefined) this.#ending = this.#now();
    return token;
  }

  peek(ahead = 0): QueryToken | undefined {
    return this.#tokens[this.#roles.length + ahead];
  }

  peekOperator(): string | undefined {
    const text = this.peek()?.text ?? '';
    return COMPARISONS.has(text) || WORD_OPERATORS.has(text) ? text : undefined;
  }

  /** Whether a section of a read begins here, whatever is still open. */
  beginsSection(): boolean {
    const [word, next] = [this.peek(), this.peek(1)];
    if (word?.kind !== 'word' || next === undefined) return false;
    if (word.text === 'limit') return next.kind === 'number' && word.startsLine;
    return (word.text === 'return' || word.text === 'order') && next.text === '{';
  }

  take(role: TokenRole): QueryToken {
    const token = this.peek();
    if (token === undefined) throw new Error('there is no token to take');
    this.#roles.push(role);
    return token;
  }

  /** Takes it when it is there. */
  punctuation(expected: string): boolean {
    if (this.next({ at: 'punctuation', expected })?.text !== expected) return false;
    this.take('punctuation');
    return true;
  }

  /** Everything before the next token is whole. */
  mark(): void {
    this.markAt(this.peek()?.offset ?? this.#end);
  }

  markAt(offset: number): void {
    if (this.#ending === undefined) this.#whole = offset;
  }

  get whole(): number {
    return this.#whole;
  }

  /** Walks what `closing` would close. */
  within(closing: string, inside: () => void): void {
    // Deeper than the language allows: what follows is passed one by one.
    if (this.#closing.length >= MAX_DEPTH) return;
    this.#closing.push(closing);
    inside();
    this.#closing.pop();
  }

  openCall(call: OpenCall): void {
    this.#calls.unshift(call);
  }

  /** The innermost one has come further. */
  updateCall(call: OpenCall): void {
    this.#calls[0] = call;
  }

  closeCall(): void {
    this.#calls.shift();
  }

  openList(): void {
    this.#lists += 1;
  }

  closeList(): void {
    this.#lists -= 1;
  }

  get isTooDeep(): boolean {
    return this.#calls.length + this.#lists >= MAX_DEPTH;
  }

  use(use: VariableUse): void {
    this.#uses.push(use);
  }

  bind(variable: string): void {
    this.#binds.add(variable);
  }

  #now(): Pick<Walk, 'whole' | 'closing' | 'calls'> {
    return { whole: this.#whole, closing: [...this.#closing].reverse().join(' '), calls: [...this.#calls] };
  }
}

/** What the parser takes (query/parser.ts); the walk is recursive as well. */
const MAX_DEPTH = 64;
