/** Literals: their types and their form in the plan (query-language.md §3.1). */
import { displayType, type PropType } from '../../schema/catalog.js';
import type { Literal } from '../ir.js';
import type { LiteralSyntax } from '../syntax.js';
import type { CheckContext } from './context.js';
import { isCompatible, plainType } from './property-type.js';

interface TypedLiteral {
  readonly literal: Literal;
  readonly type: PropType;
}

/** `undefined` when the literal itself is wrong (a nested or mixed list), which is reported. */
export function checkLiteral(context: CheckContext, syntax: LiteralSyntax): TypedLiteral | undefined {
  switch (syntax.kind) {
    case 'string':
      return { literal: { kind: 'string', value: syntax.value }, type: plainType('String') };
    case 'integer':
      return { literal: { kind: 'integer', value: syntax.value }, type: plainType('I64') };
    case 'float':
      return { literal: { kind: 'float', value: syntax.value }, type: plainType('F64') };
    case 'bool':
      return { literal: { kind: 'bool', value: syntax.value }, type: plainType('Bool') };
    case 'date':
      return { literal: { kind: 'date', text: syntax.text }, type: plainType('Date') };
    case 'datetime':
      return { literal: { kind: 'datetime', text: syntax.text }, type: plainType('DateTime') };
    case 'list':
      return checkList(context, syntax.items);
  }
}

function checkList(context: CheckContext, items: readonly LiteralSyntax[]): TypedLiteral | undefined {
  const typed: TypedLiteral[] = [];
  for (const item of items) {
    if (item.kind === 'list') {
      context.error('nested-list', 'a list literal cannot hold another list', item.span);
      return undefined;
    }
    const element = checkLiteral(context, item);
    if (element === undefined) return undefined;
    const first = typed[0];
    if (first !== undefined && !isCompatible(first.type, element.type)) {
      const [one, other] = [displayType(first.type), displayType(element.type)];
      context.error('mixed-list', `a list literal cannot mix ${one} and ${other}`, item.span);
      return undefined;
    }
    typed.push(element);
  }
  return {
    literal: { kind: 'list', items: typed.map(({ literal }) => literal) },
    type: plainType(typed[0]?.type.scalar ?? 'String', true),
  };
}
