/** The one comparison of an update or delete (query-language.md §8.2, §5.4): null never matches, numbers compare exactly. */
import {
  type ComparisonOperator,
  type EdgeType,
  type MutationPredicate,
  type NodeType,
  type PropType,
  parseDate,
  parseDateTime,
  type Value,
} from 'omnigraph-language';
import { GraphError } from '../graph-error.js';
import { compareBytewise } from '../text-order.js';
import { type Environment, type Operand, resolve } from './operands.js';
import { declaredProperty } from './types.js';

export interface Predicate {
  /** Property, or `src` / `dst`. */
  readonly column: string;
  /** False when nothing can match: a null operand, a list property. */
  readonly satisfiable: boolean;
  /** The text every match holds in `column`, when the comparison is an equality of texts. */
  readonly equalText: string | undefined;
  matches(value: Value): boolean;
}

/** Binds a predicate's operand. `bad_request` for text that is no date and for a property the type lacks by now. */
export function bindPredicate(
  predicate: MutationPredicate,
  type: NodeType | EdgeType,
  environment: Environment,
): Predicate {
  const column = columnName(predicate.property, type);
  const operand = comparand(resolve(predicate.value, environment), predicate.type);
  const holds = OUTCOMES[predicate.operator];
  if (operand === undefined || predicate.type.list) {
    return { column, satisfiable: false, equalText: undefined, matches: () => false };
  }
  return {
    column,
    satisfiable: true,
    equalText: predicate.operator === '=' && typeof operand === 'string' ? operand : undefined,
    matches: (value) => {
      const order = compare(value, operand);
      return order !== undefined && holds(order);
    },
  };
}

/** Edges call their endpoints `from` and `to` in a query, `src` and `dst` in a table. */
function columnName(property: string, type: NodeType | EdgeType): string {
  if (type.kind === 'edge' && property === 'from') return 'src';
  if (type.kind === 'edge' && property === 'to') return 'dst';
  return declaredProperty(type, property).name;
}

const OUTCOMES: Readonly<Record<ComparisonOperator, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

type Comparand = string | number | bigint | boolean;

/** The operand at the precision of the column; `undefined` when nothing can match it. */
function comparand(operand: Operand, type: PropType): Comparand | undefined {
  if (operand === null || typeof operand === 'object') return undefined;
  switch (type.scalar) {
    case 'Date':
      return typeof operand === 'string' ? parsed(parseDate(operand), 'date', operand) : operand;
    case 'DateTime':
      return typeof operand === 'string' ? parsed(parseDateTime(operand), 'datetime', operand) : operand;
    case 'F32':
      return typeof operand === 'number' || typeof operand === 'bigint' ? Math.fround(Number(operand)) : operand;
    default:
      return operand;
  }
}

function parsed(value: number | undefined, kind: string, text: string): number {
  if (value === undefined) throw new GraphError('bad_request', `invalid ${kind} '${text}'`);
  return value;
}

function compare(value: Value, operand: Comparand): number | undefined {
  if (typeof value === 'string') return typeof operand === 'string' ? compareBytewise(value, operand) : undefined;
  if (typeof value === 'boolean') {
    return typeof operand === 'boolean' ? Number(value) - Number(operand) : undefined;
  }
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  if (typeof operand !== 'number' && typeof operand !== 'bigint') return undefined;
  // JavaScript compares a bigint with a number by exact value.
  return value < operand ? -1 : value > operand ? 1 : 0;
}
