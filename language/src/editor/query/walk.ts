/**
 * A walk over the tokens of one declaration that gives each its role and says what may come next. It follows the
 * grammar (query-language.md §2) wherever the text does, and finds its way back wherever it does not: a clause that
 * breaks off costs itself, a block that is not closed ends where the next section begins.
 *
 * Invariant: total; every token is passed once.
 */
import {
  COMPARISONS,
  FUNCTION_WORDS,
  type OpenCall,
  type Operand,
  type Place,
  type PropertyUse,
  type Section,
  type TargetUse,
  type TokenRole,
  type Wanted,
} from './place.js';
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

/** `tokens` without comments; `end` is the offset behind the last of interest. */
export function walkQuery(tokens: readonly QueryToken[], end: number): Walk {
  const walker = new Walker(tokens, end);
  walker.declaration();
  return walker.result();
}

class Walker {
  readonly #tokens: readonly QueryToken[];
  readonly #end: number;
  readonly #roles: TokenRole[] = [];
  readonly #closing: string[] = [];
  readonly #calls: OpenCall[] = [];
  readonly #uses: VariableUse[] = [];
  readonly #binds = new Set<string>();
  /** Lists that are open. */
  #lists = 0;
  #whole: number;
  #place: Place = { at: 'top' };
  #ending: Pick<Walk, 'whole' | 'closing' | 'calls'> | undefined;

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

  declaration(): void {
    for (let token = this.#next({ at: 'top' }); token !== undefined; token = this.#next({ at: 'top' })) {
      if (token.text === 'query') this.#query();
      else this.#take('unknown');
    }
  }

  #query(): void {
    this.#take('keyword');
    if (this.#next({ at: 'query-name' })?.kind === 'word') this.#take('query-name');
    this.#closing.push('() { }');
    if (this.#punctuation('(')) this.#parameters();
    this.#closing.pop();
    this.#header();
  }

  #parameters(): void {
    this.#replaceClosing(') { }');
    for (;;) {
      this.#mark();
      const token = this.#next({ at: 'parameter' });
      if (token === undefined || token.text === '{') return;
      if (token.text === ')') {
        this.#take('punctuation');
        return;
      }
      if (token.kind === 'variable') {
        this.#take('parameter');
        if (this.#punctuation(':')) this.#parameterType();
        this.#mark();
        const after = this.#next({ at: 'punctuation', expected: ',' });
        if (after?.text === ',') this.#take('punctuation');
      } else {
        this.#take(token.text === ',' ? 'punctuation' : 'unknown');
      }
    }
  }

  #parameterType(): void {
    let list = false;
    if (this.#peek()?.text === '[') {
      this.#take('punctuation');
      list = true;
    }
    const name = this.#next({ at: 'parameter-type', list });
    if (name?.kind !== 'type') return;
    this.#take('base-type');
    if (name.text === 'Vector' && this.#punctuation('(')) {
      if (this.#next({ at: 'hops' })?.kind === 'number') this.#take('number');
      this.#punctuation(')');
    }
    if (list) this.#punctuation(']');
    if (this.#peek()?.text === '?') this.#take('punctuation');
  }

  #header(): void {
    const annotations: string[] = [];
    for (;;) {
      this.#mark();
      const token = this.#next({ at: 'header', annotations });
      if (token === undefined) return;
      if (token.text === '{') {
        this.#take('punctuation');
        this.#body();
        return;
      }
      if (token.kind === 'word' && token.text === 'query') return;
      if (token.kind !== 'annotation') {
        this.#take('unknown');
        continue;
      }
      this.#take('annotation');
      annotations.push(token.text);
      if (!this.#punctuation('(')) continue;
      this.#calls.unshift({ kind: 'annotation', name: token.text, index: 0 });
      if (this.#next({ at: 'annotation-text', annotation: token.text })?.kind === 'string') this.#take('string');
      this.#punctuation(')');
      this.#calls.shift();
    }
  }

  #body(): void {
    this.#closing.push('}');
    const sections: Section[] = [];
    for (;;) {
      this.#mark();
      const token = this.#next({ at: 'body', sections: [...sections] });
      if (token === undefined) return;
      if (token.text === '}') {
        this.#take('punctuation');
        this.#closing.pop();
        return;
      }
      const section = token.kind === 'word' ? this.#section(token.text) : undefined;
      if (section === undefined) this.#take('unknown');
      else sections.push(section);
    }
  }

  #section(word: string): Section | undefined {
    switch (word) {
      case 'match':
        this.#take('keyword');
        if (this.#punctuation('{')) this.#block('} return { }', () => this.#clauses(false));
        return word;
      case 'return':
      case 'order':
        this.#take('keyword');
        if (this.#punctuation('{')) this.#block('}', () => this.#items(word));
        return word;
      case 'limit':
        this.#take('keyword');
        if (this.#next({ at: 'limit' })?.kind === 'number') this.#take('number');
        return word;
      case 'insert':
      case 'update':
      case 'delete':
        this.#statement(word);
        return 'statement';
      default:
        return undefined;
    }
  }

  // Clauses

  #clauses(inNegation: boolean): void {
    for (;;) {
      this.#mark();
      const token = this.#next({ at: 'clause', inNegation });
      if (token === undefined || this.#beginsSection()) return;
      if (token.text === '}') {
        this.#take('punctuation');
        return;
      }
      this.#clause(token, inNegation);
    }
  }

  #clause(token: QueryToken, inNegation: boolean): void {
    if (token.kind === 'variable') this.#variableClause(inNegation);
    else if (token.text === 'not') {
      this.#take('keyword');
      if (this.#punctuation('{')) this.#block('}', () => this.#clauses(true));
    } else if (OPERAND_KINDS.has(token.kind) || token.text === '[') {
      const left = this.#operand({ at: 'clause', inNegation }, { for: 'anything' }, 'match');
      if (left === undefined) return;
      const isSearch = left.kind === 'call' && SEARCHES.has(left.name);
      if (!isSearch || this.#peekOperator() !== undefined) this.#comparison(left);
    } else this.#take('unknown');
  }

  #variableClause(inNegation: boolean): void {
    const variable = nameOf(this.#take('variable'));
    const token = this.#next({ at: 'after-variable', variable });
    if (token === undefined) return;
    if (token.text === '.') {
      const left = this.#access(variable, { for: 'anything' });
      if (left !== undefined) this.#comparison(left);
    } else if (token.text === ':') {
      this.#take('punctuation');
      this.#binds.add(variable);
      this.#binding(inNegation);
    } else if (token.kind === 'variable') {
      if (this.#bindsEdge(token)) this.#edgeBinding(variable);
    } else if (token.text === '<' && this.#opensUndirected()) {
      this.#take('operator');
      this.#edge(variable, { undirected: true, bound: false });
    } else if (COMPARISONS.has(token.text) || this.#isWordFilter(token)) {
      this.#comparison({ kind: 'variable', name: variable });
    } else if (token.kind === 'word' && !this.#opensBlockOrCall()) {
      this.#traversal(variable, { undirected: false });
    }
  }

  #binding(inNegation: boolean): void {
    const type = this.#next({ at: 'type', use: 'binding' });
    if (type?.kind !== 'type') {
      if (type?.kind === 'word') this.#take('unknown');
      return;
    }
    this.#take('type');
    this.#mark();
    const open = this.#next({ at: 'clause', opens: type.text, inNegation });
    if (open?.text !== '{') return;
    this.#take('punctuation');
    this.#closing.push('');
    this.#properties(type.text, 'match', 'binding');
    this.#closing.pop();
  }

  /** `$a $w:` with an edge word behind it, or on one line with nothing there yet. */
  #bindsEdge(token: QueryToken): boolean {
    if (this.#peek(1)?.text !== ':') return false;
    const word = this.#peek(2);
    return word === undefined ? !token.startsLine : word.kind === 'word' || word.text === '<';
  }

  #edgeBinding(from: string): void {
    this.#binds.add(nameOf(this.#take('variable')));
    this.#take('punctuation');
    const undirected = this.#peek()?.text === '<';
    if (undirected) this.#take('operator');
    this.#edge(from, { undirected, bound: true });
  }

  #edge(from: string, { undirected, bound }: { readonly undirected: boolean; readonly bound: boolean }): void {
    if (this.#next({ at: 'edge', from, undirected, bound })?.kind === 'word') this.#traversal(from, { undirected });
  }

  #traversal(from: string, { undirected }: { readonly undirected: boolean }): void {
    const edge = this.#take('edge').text;
    this.#binds.add(from);
    if (undirected) {
      if (this.#next({ at: 'punctuation', expected: '>' })?.text !== '>') return;
      this.#take('operator');
    }
    let token = this.#next({ at: 'target', from, edge, hops: true });
    if (token?.text === '{') {
      this.#take('punctuation');
      this.#hops();
      token = this.#next({ at: 'target', from, edge, hops: false });
    }
    if (token?.kind !== 'variable') return;
    const following = this.#peek(1)?.text;
    // The next clause begins here, and this one lacks its end.
    if (token.startsLine && (following === ':' || following === '.')) return;
    this.#binds.add(nameOf(this.#take('variable')));
  }

  #hops(): void {
    for (let token = this.#next({ at: 'hops' }); token !== undefined; token = this.#next({ at: 'hops' })) {
      if (token.text === '}') {
        this.#take('punctuation');
        return;
      }
      if (token.kind !== 'number' && token.text !== ',') return;
      this.#take(token.kind === 'number' ? 'number' : 'punctuation');
    }
  }

  #comparison(left: Operand): void {
    const token = this.#next({ at: 'operator', left });
    if (token === undefined || this.#peekOperator() === undefined) return;
    const operator = this.#take('operator').text;
    this.#operand({ at: 'operand', left, operator }, { for: 'operand', left, operator }, 'match');
  }

  // Items

  #items(section: 'return' | 'order'): void {
    for (let count = 0; ; count += 1) {
      this.#mark();
      const token = this.#next({ at: 'item', section, first: count === 0 });
      if (token === undefined || this.#beginsSection()) return;
      if (token.text === '}') {
        this.#take('punctuation');
        return;
      }
      if (CLOSING.has(token.text)) {
        this.#take(token.text === ',' ? 'punctuation' : 'unknown');
        continue;
      }
      const item = this.#operand({ at: 'item', section, first: count === 0 }, { for: 'anything' }, section);
      if (item !== undefined) this.#itemEnd(section, item);
    }
  }

  #itemEnd(section: 'return' | 'order', of: Operand): void {
    const at = this.#whole;
    this.#mark();
    const token = this.#next({ at: 'after-item', section, done: false });
    if (token?.kind === 'word' && section === 'order' && (token.text === 'asc' || token.text === 'desc')) {
      this.#take('keyword');
    } else if (token?.kind === 'word' && section === 'return' && token.text === 'as') {
      this.#take('keyword');
      this.#whole = at;
      if (this.#next({ at: 'alias', of })?.kind === 'word') this.#take('alias');
    } else {
      return;
    }
    this.#mark();
    this.#next({ at: 'after-item', section, done: true });
  }

  // Statements

  #statement(word: 'insert' | 'update' | 'delete'): void {
    this.#take('keyword');
    const type = this.#next({ at: 'type', use: word });
    if (type?.kind !== 'type') return;
    this.#take('type');
    if (word === 'update') {
      if (this.#next({ at: 'keyword', word: 'set' })?.text !== 'set') return;
      this.#take('keyword');
    }
    if (word !== 'delete') {
      if (!this.#punctuation('{')) return;
      this.#properties(type.text, 'assign', word);
      if (word === 'insert') return;
    }
    if (this.#next({ at: 'keyword', word: 'where' })?.text !== 'where') return;
    this.#take('keyword');
    this.#predicate(type.text, word);
  }

  #predicate(type: string, statement: TargetUse): void {
    const property = this.#next({ at: 'property', type, use: 'predicate', used: [], comma: false, statement });
    if (property?.kind !== 'word') return;
    this.#take('property');
    const operator = this.#next({ at: 'predicate-operator', type, property: property.text });
    if (operator === undefined || !COMPARISONS.has(operator.text)) return;
    this.#take('operator');
    this.#value(type, property.text, 'predicate');
  }

  /** Matches or assignments, up to and with the closing brace. */
  #properties(type: string, use: 'match' | 'assign', statement: TargetUse): void {
    const used: string[] = [];
    let comma = false;
    if (use === 'assign') this.#calls.unshift({ kind: 'assignments', name: type, index: 0 });
    for (;;) {
      const token = this.#next({ at: 'property', type, use, used: [...used], comma, statement });
      if (token === undefined) return;
      if (token.text === '}') {
        this.#take('punctuation');
        break;
      }
      if (token.text === ',') {
        this.#take('punctuation');
        comma = false;
      } else if (token.kind === 'word' && this.#namesProperty()) {
        this.#take('property');
        used.push(token.text);
        if (use === 'assign') {
          this.#calls[0] = { kind: 'assignments', name: type, index: used.length - 1, property: token.text };
        }
        if (this.#punctuation(':')) this.#value(type, token.text, use);
        comma = use === 'match';
      } else if (token.kind === 'variable' || this.#beginsSection() || STATEMENTS.has(token.text)) {
        break;
      } else {
        this.#take('unknown');
      }
    }
    if (use === 'assign') this.#calls.shift();
  }

  #value(type: string, property: string, use: PropertyUse): void {
    const token = this.#next({ at: 'value', type, property, use });
    // A name with a colon is the next property, and this one lacks its value.
    if (token?.kind === 'word' && this.#peek(1)?.text === ':') return;
    this.#operand({ at: 'value', type, property, use }, { for: 'anything' }, 'statement');
  }

  // Expressions

  /** `undefined` when none begins here. */
  #operand(place: Place, wanted: Wanted, section: Section): Operand | undefined {
    const token = this.#next(place);
    if (token === undefined) return undefined;
    if (this.#calls.length + this.#lists >= MAX_DEPTH) {
      this.#take('unknown');
      return undefined;
    }
    switch (token.kind) {
      case 'variable': {
        const name = nameOf(this.#take('variable'));
        if (this.#peek()?.text === '.') return this.#access(name, wanted);
        this.#uses.push({ name, offset: token.offset, place });
        return { kind: 'variable', name };
      }
      case 'word':
        return this.#word(token, section);
      case 'string':
      case 'number':
        this.#take(token.kind);
        return { kind: 'literal' };
      default:
        if (token.text === '[') return this.#list(place, wanted, section);
        if (!CLOSING.has(token.text)) this.#take('unknown');
        return undefined;
    }
  }

  #word(token: QueryToken, section: Section): Operand {
    const calls = this.#peek(1)?.text === '(';
    if (calls && (FUNCTION_WORDS.has(token.text) || token.text === 'date' || token.text === 'datetime')) {
      return this.#call(section);
    }
    const isLiteral = token.text === 'true' || token.text === 'false';
    this.#take(isLiteral ? 'literal' : 'alias');
    return isLiteral ? { kind: 'literal' } : { kind: 'word', name: token.text };
  }

  #access(variable: string, wanted: Wanted): Operand | undefined {
    this.#take('punctuation');
    const token = this.#next({ at: 'access', variable, wanted });
    // On a new line a word before a variable is no property that was forgotten, but never a clause either.
    if (token?.kind !== 'word') return undefined;
    this.#take('property');
    return { kind: 'property', variable, property: token.text };
  }

  #list(place: Place, wanted: Wanted, section: Section): Operand {
    this.#take('punctuation');
    this.#lists += 1;
    for (let token = this.#next(place); token !== undefined; token = this.#next(place)) {
      if (token.text === ']') {
        this.#take('punctuation');
        break;
      }
      if (token.text === ',') this.#take('punctuation');
      else if (CLOSING.has(token.text)) break;
      else this.#operand(place, wanted, section);
    }
    this.#lists -= 1;
    return { kind: 'literal' };
  }

  #call(section: Section): Operand {
    const of = this.#take('function').text;
    this.#take('punctuation');
    let index = 0;
    let first: Operand | undefined;
    this.#calls.unshift({ kind: 'function', name: of, index });
    for (;;) {
      const place: Place = { at: 'argument', of, index, section };
      const token = this.#next(place);
      if (token === undefined) return { kind: 'call', name: of, of: first };
      if (token.text === ')') {
        this.#take('punctuation');
        break;
      }
      if (token.text === ',') {
        this.#take('punctuation');
        index += 1;
        this.#calls[0] = { kind: 'function', name: of, index };
        continue;
      }
      if (CLOSING.has(token.text) || this.#beginsSection()) break;
      const argument = this.#operand(place, { for: 'argument', of, index }, section);
      if (index === 0) first = argument;
    }
    this.#calls.shift();
    return { kind: 'call', name: of, of: first };
  }

  // The tokens at hand

  /** The next token, and what would be right in its place. */
  #next(place: Place): QueryToken | undefined {
    const token = this.#peek();
    if (this.#ending !== undefined) return token;
    this.#place = place;
    if (token === undefined) this.#ending = this.#now();
    return token;
  }

  #now(): Pick<Walk, 'whole' | 'closing' | 'calls'> {
    return { whole: this.#whole, closing: [...this.#closing].reverse().join(' '), calls: [...this.#calls] };
  }

  #peek(ahead = 0): QueryToken | undefined {
    return this.#tokens[this.#roles.length + ahead];
  }

  #take(role: TokenRole): QueryToken {
    const token = this.#peek();
    if (token === undefined) throw new Error('there is no token to take');
    this.#roles.push(role);
    return token;
  }

  #punctuation(expected: string): boolean {
    if (this.#next({ at: 'punctuation', expected })?.text !== expected) return false;
    this.#take('punctuation');
    return true;
  }

  /** Everything before the next token is whole. */
  #mark(): void {
    if (this.#ending === undefined) this.#whole = this.#peek()?.offset ?? this.#end;
  }

  #block(closing: string, inside: () => void): void {
    // Deeper than the language allows: what follows is passed one by one.
    if (this.#closing.length >= MAX_DEPTH) return;
    this.#closing.push(closing);
    inside();
    this.#closing.pop();
  }

  #replaceClosing(closing: string): void {
    this.#closing.pop();
    this.#closing.push(closing);
  }

  // What the next tokens begin

  #beginsSection(): boolean {
    const [word, next] = [this.#peek(), this.#peek(1)];
    if (word?.kind !== 'word' || next === undefined) return false;
    if (word.text === 'limit') return next.kind === 'number' && word.startsLine;
    return (word.text === 'return' || word.text === 'order') && next.text === '{';
  }

  #opensBlockOrCall(): boolean {
    const [next, afterNext] = [this.#peek(1), this.#peek(2)];
    if (next?.text === '{') return afterNext !== undefined && afterNext.kind !== 'number';
    return next?.text === '(';
  }

  /** `<` before an edge word, or with nothing behind it yet. */
  #opensUndirected(): boolean {
    const [next, afterNext] = [this.#peek(1), this.#peek(2)];
    return next === undefined || (next.kind === 'word' && (afterNext === undefined || afterNext.text === '>'));
  }

  /** `contains` and `starts_with` behind a bare variable: edges, unless what follows is no variable (§1). */
  #isWordFilter(token: QueryToken): boolean {
    const next = this.#peek(1);
    return WORD_OPERATORS.has(token.text) && next !== undefined && next.kind !== 'variable';
  }

  #namesProperty(): boolean {
    const next = this.#peek(1);
    return next === undefined || next.text === ':' || !(this.#beginsSection() || next.kind === 'type');
  }

  #peekOperator(): string | undefined {
    const text = this.#peek()?.text ?? '';
    return COMPARISONS.has(text) || WORD_OPERATORS.has(text) ? text : undefined;
  }
}

const OPERAND_KINDS: ReadonlySet<QueryToken['kind']> = new Set(['word', 'string', 'number']);
const SEARCHES: ReadonlySet<string> = new Set(['search', 'fuzzy', 'match_text']);
const WORD_OPERATORS: ReadonlySet<string> = new Set(['contains', 'starts_with']);
const STATEMENTS: ReadonlySet<string> = new Set(['where', 'insert', 'update', 'delete']);
/** What the parser takes (query/langium-parser.ts); the walk is recursive as well. */
const MAX_DEPTH = 64;
/** Whoever opened it takes it. */
const CLOSING: ReadonlySet<string> = new Set(['}', ')', ']', ',']);

/** Without `$`. */
const nameOf = ({ text }: QueryToken): string => text.slice(1);
