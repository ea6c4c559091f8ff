/** One-line spelling of the parts of a query. Literals are copied, so that no digit or escape changes. */
import type { Span } from '../../lexis/index.js';
import type {
  ExprSyntax,
  FilterSyntax,
  ParamSyntax,
  PredicateSyntax,
  ReturnItemSyntax,
  SortItemSyntax,
  TraversalSyntax,
} from '../syntax.js';

export class Printer {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  param({ variable, type }: ParamSyntax): string {
    const name = type.dimension === null ? type.name : `${type.name}(${type.dimension})`;
    return `$${variable.text}: ${type.list ? `[${name}]` : name}${type.nullable ? '?' : ''}`;
  }

  traversal({ from, to, edge, edgeVariable, undirected, hops }: TraversalSyntax): string {
    const binding = edgeVariable === null ? '' : `$${edgeVariable.text}:`;
    const word = undirected ? `<${edge.text}>` : edge.text;
    const bounds = hops === null ? '' : `{${hops.min},${hops.max ?? ''}}`;
    return `$${from.text} ${binding}${word}${bounds} $${to.text}`;
  }

  filter({ left, operator, right }: FilterSyntax): string {
    return `${this.expression(left)} ${operator} ${this.expression(right)}`;
  }

  returnItem({ expression, alias }: ReturnItemSyntax): string {
    return alias === null ? this.expression(expression) : `${this.expression(expression)} as ${alias.text}`;
  }

  sortItem({ expression, direction }: SortItemSyntax): string {
    return direction === null ? this.expression(expression) : `${this.expression(expression)} ${direction}`;
  }

  predicate({ property, operator, value }: PredicateSyntax): string {
    return `${property.text} ${operator} ${this.expression(value)}`;
  }

  expression(syntax: ExprSyntax): string {
    switch (syntax.kind) {
      case 'variable':
        return `$${syntax.name}`;
      case 'property':
        return `$${syntax.variable.text}.${syntax.property.text}`;
      case 'alias':
        return syntax.name;
      case 'call':
        return `${syntax.name}(${syntax.args.map((argument) => this.expression(argument)).join(', ')})`;
      case 'list':
        return `[${syntax.items.map((item) => this.expression(item)).join(', ')}]`;
      case 'date':
      case 'datetime':
        return `${syntax.kind}(${this.#quoted(syntax.span)})`;
      default:
        return this.#source(syntax.span);
    }
  }

  #source({ offset, length }: Span): string {
    return this.#text.slice(offset, offset + length);
  }

  #quoted(span: Span): string {
    const source = this.#source(span);
    return source.slice(source.indexOf('"'), source.lastIndexOf('"') + 1);
  }
}
