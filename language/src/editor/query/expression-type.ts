/** The type an expression has, for showing it. It says what the checker found; where that refused, nothing is said. */
import type { AggregateFunction, CompiledQueryDeclaration, ExprSyntax, QuerySyntax } from '../../query/index.js';
import { type Catalog, displayType } from '../../schema/index.js';

export interface Typing {
  readonly declaration: CompiledQueryDeclaration;
  readonly catalog: Catalog;
}

/** As one writes it: `String?`, `I64`, a node's type name. `undefined`: unknown. */
export function typeText(expression: ExprSyntax, typing: Typing): string | undefined {
  switch (expression.kind) {
    case 'property': {
      const found = meaningAt(typing, expression.property.span.offset);
      if (found?.kind !== 'property') return undefined;
      const { entity, typeName, name } = found;
      const owner = entity === 'node' ? typing.catalog.nodes.get(typeName) : typing.catalog.edges.get(typeName);
      const type = owner?.properties.get(name)?.type;
      return type && displayType(type);
    }
    case 'variable': {
      const found = meaningAt(typing, expression.span.offset);
      if (found?.kind === 'parameter') return parameterType(typing.declaration, found.name);
      if (found?.kind !== 'variable') return undefined;
      return typing.declaration.symbols?.variables[found.variable]?.typeName ?? undefined;
    }
    case 'alias':
      return aliasType(expression.name, expression.span.offset, typing);
    case 'call':
      return callType(expression, typing);
    case 'string':
      return 'String';
    case 'integer':
      return 'I64';
    case 'float':
      return 'F64';
    case 'bool':
      return 'Bool';
    case 'date':
      return 'Date';
    case 'datetime':
      return 'DateTime';
    case 'list': {
      const [first] = expression.items;
      return `[${first === undefined ? 'String' : (typeText(first, typing) ?? 'String')}]`;
    }
    default:
      return expression satisfies never;
  }
}

/** Of the last column of that name before a point; an alias that names itself has none. */
export function aliasType(name: string, before: number, typing: Typing): string | undefined {
  const item = returnItems(typing.declaration.syntax).findLast(
    ({ alias, span }) => alias?.text === name && span.offset < before,
  );
  if (item === undefined || item.span.offset + item.span.length > before + name.length) return undefined;
  return typeText(item.expression, typing);
}

export const parameterType = ({ query }: CompiledQueryDeclaration, name: string): string | undefined => {
  const type = query?.params.find((param) => param.name === name)?.type;
  return type && displayType(type);
};

export const returnItems = (syntax: QuerySyntax | undefined) => (syntax?.body.kind === 'read' ? syntax.body.items : []);

const meaningAt = ({ declaration }: Typing, offset: number) =>
  declaration.symbols?.occurrences.find(({ span }) => span.offset === offset);

function callType({ name, args }: Extract<ExprSyntax, { kind: 'call' }>, typing: Typing): string | undefined {
  switch (name) {
    case 'now':
      return 'DateTime';
    case 'search':
    case 'match_text':
    case 'fuzzy':
      return 'Bool';
    case 'nearest':
    case 'bm25':
    case 'rrf':
      return 'F64';
    default:
      return aggregateType(name, args[0], typing);
  }
}

/** query-language.md §6. */
function aggregateType(name: AggregateFunction, of: ExprSyntax | undefined, typing: Typing): string | undefined {
  switch (name) {
    case 'count':
      return 'I64';
    case 'sum':
    case 'avg':
      return 'F64?';
    case 'min':
    case 'max': {
      const type = of && typeText(of, typing);
      return type === undefined || type.endsWith('?') ? type : `${type}?`;
    }
    default:
      return name satisfies never;
  }
}
