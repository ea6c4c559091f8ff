/** A declaration as parts to lay out. */
import { type Span, spanBetween, type Word } from '../../lexis/index.js';
import type { BindingSyntax, ClauseSyntax, QuerySyntax, ReadSyntax, StatementSyntax, ValueSyntax } from '../syntax.js';
import { type Block, INDENT, type Layout, type Part } from './layout.js';
import { Printer } from './print-expression.js';
import type { TokenMap } from './token-map.js';

export class QueryParts {
  readonly #text: string;
  readonly #tokens: TokenMap;
  readonly #layout: Layout;
  readonly #newline: string;
  readonly #print: Printer;

  constructor(text: string, tokens: TokenMap, layout: Layout, newline: string) {
    this.#text = text;
    this.#tokens = tokens;
    this.#layout = layout;
    this.#newline = newline;
    this.#print = new Printer(text);
  }

  query(syntax: QuerySyntax): Block {
    const { open, close } = this.#tokens.block('{', 0);
    const parts =
      syntax.body.kind === 'read'
        ? this.#sections(syntax.body, open)
        : syntax.body.statements.map((statement) => this.#statement(statement));
    return {
      kind: 'block',
      span: { offset: open, length: close + 1 - open },
      head: this.#header(syntax, open),
      tail: '}',
      open,
      close,
      parts,
      separator: '',
      oneLine: 'never',
    };
  }

  /** Up to and with the `{` of the body; copied when it holds a comment. */
  #header(syntax: QuerySyntax, bodyOpen: number): string {
    const span = { offset: 0, length: bodyOpen };
    if (this.#tokens.hasComment(span)) return this.#text.slice(0, bodyOpen + 1);
    const { open, close } = this.#tokens.block('(', 0);
    const signature = this.#layout.part({
      kind: 'block',
      span: { offset: 0, length: close + 1 },
      head: `query ${syntax.name.text}(`,
      tail: ')',
      open,
      close,
      parts: syntax.params.map((param) => {
        const whole = spanBetween(param.variable.span, param.type.span);
        return { kind: 'leaf', span: whole, text: this.#print.param(param) };
      }),
      separator: ',',
      oneLine: 'if-written',
    });
    if (syntax.annotations.length === 0) return `${signature} {`;
    const annotations = syntax.annotations.map(
      ({ name, text }) => `${INDENT}${name}(${this.#source(text)})${this.#newline}`,
    );
    return `${signature}${this.#newline}${annotations.join('')}{`;
  }

  #sections(read: ReadSyntax, bodyOpen: number): readonly Part[] {
    const match = this.#section('match', bodyOpen + 1, this.#clauses(read.clauses), '', read.clauses.length);
    const returned = this.#section(
      'return',
      match.close + 1,
      read.items.map((item) => ({ kind: 'leaf', span: item.span, text: this.#print.returnItem(item) })),
      ',',
    );
    const sorts = read.order.map((item): Part => ({ kind: 'leaf', span: item.span, text: this.#print.sortItem(item) }));
    const ordered = sorts.length === 0 ? [] : [this.#section('order', returned.close + 1, sorts, ',')];
    const blocks = [match, returned, ...ordered];
    if (read.limit === null) return blocks;
    const start = this.#tokens.next((ordered[0] ?? returned).close + 1);
    const bodyClose = this.#tokens.block('{', bodyOpen).close;
    const end = this.#tokens.endBefore(bodyClose);
    const limit: Part = { kind: 'leaf', span: { offset: start, length: end - start }, text: `limit ${read.limit}` };
    return [...blocks, limit];
  }

  /** Several clauses never share a line: only white space parts them. */
  #section(word: string, from: number, parts: readonly Part[], separator: ',' | '', clauses = 1): Block {
    const start = this.#tokens.next(from);
    const { open, close } = this.#tokens.block('{', start);
    return {
      kind: 'block',
      span: { offset: start, length: close + 1 - start },
      head: `${word} {`,
      tail: '}',
      open,
      close,
      parts,
      separator,
      oneLine: clauses > 1 ? 'never' : 'if-written',
    };
  }

  #clauses(clauses: readonly ClauseSyntax[]): readonly Part[] {
    return clauses.map((clause) => this.#clause(clause));
  }

  #clause(clause: ClauseSyntax): Part {
    const { span } = clause;
    switch (clause.kind) {
      case 'negation':
        return this.#section('not', span.offset, this.#clauses(clause.clauses), '', clause.clauses.length);
      case 'binding':
        return this.#binding(clause);
      case 'traversal':
        return { kind: 'leaf', span, text: this.#print.traversal(clause) };
      case 'filter':
        return { kind: 'leaf', span, text: this.#print.filter(clause) };
      case 'text-search':
        return { kind: 'leaf', span, text: this.#print.expression(clause.call) };
    }
  }

  #binding({ variable, type, matches, span }: BindingSyntax): Part {
    const head = `$${variable.text}: ${type.text}`;
    if (matches.length === 0) return { kind: 'leaf', span, text: head };
    return this.#fields(span, `${head} {`, '}', matches);
  }

  #statement(statement: StatementSyntax): Part {
    const { kind, type, span } = statement;
    switch (kind) {
      case 'insert':
        return this.#fields(span, `insert ${type.text} {`, '}', statement.assignments);
      case 'update': {
        const tail = `} where ${this.#print.predicate(statement.predicate)}`;
        return this.#fields(span, `update ${type.text} set {`, tail, statement.assignments);
      }
      case 'delete':
        return {
          kind: 'leaf',
          span,
          text: `delete ${type.text} where ${this.#print.predicate(statement.predicate)}`,
        };
    }
  }

  #fields(
    span: Span,
    head: string,
    tail: string,
    fields: readonly { readonly property: Word; readonly value: ValueSyntax }[],
  ): Block {
    const { open, close } = this.#tokens.block('{', span.offset);
    const parts = fields.map(({ property, value }): Part => {
      const text = `${property.text}: ${this.#print.expression(value)}`;
      return { kind: 'leaf', span: spanBetween(property.span, value.span), text };
    });
    return { kind: 'block', span, head, tail, open, close, parts, separator: ',', oneLine: 'if-written' };
  }

  #source({ offset, length }: Span): string {
    return this.#text.slice(offset, offset + length);
  }
}
