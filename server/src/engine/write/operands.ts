/**
 * The values written in a mutation: literals, parameters and `now()`, resolved, and converted to what a property
 * stores (query-language.md §8.2 "Write-time conversions").
 */
import type { Literal, PropType, Scalar, Value, ValueExpr } from 'omnigraph-language';
import { GraphError } from '../graph-error.js';
import { converterFor, hasLoneSurrogate, NEEDS_EXACT, preview, Refusal } from '../load/index.js';

/** What a statement's expressions may refer to. */
export interface Environment {
  readonly params: ReadonlyMap<string, Value>;
  /** Milliseconds since the epoch: `now()`. */
  readonly now: number;
}

/**
 * An expression's value in the form strict JSON has: integers of any width are `bigint`s, so that `number` always means
 * a float; dates are still text.
 */
export type Operand = null | boolean | string | number | bigint | Uint8Array | readonly Operand[];

export function resolve(expr: ValueExpr, environment: Environment): Operand {
  switch (expr.kind) {
    case 'literal':
      return literalOperand(expr.literal);
    case 'param': {
      const value = environment.params.get(expr.name) ?? null;
      if (value === null && !expr.type.nullable) {
        throw new GraphError('bad_request', `parameter '${expr.name}' not provided`);
      }
      return valueOperand(value, expr.type.scalar);
    }
    case 'now':
      return BigInt(environment.now);
    default:
      return expr satisfies never;
  }
}

function literalOperand(literal: Literal): Operand {
  switch (literal.kind) {
    case 'date':
    case 'datetime':
      return literal.text;
    case 'list':
      return literal.items.map(literalOperand);
    default:
      return literal.value;
  }
}

const INTEGERS: ReadonlySet<Scalar> = new Set<Scalar>(['I32', 'I64', 'U32', 'U64']);

function valueOperand(value: Value, scalar: Scalar): Operand {
  if (typeof value === 'number') return INTEGERS.has(scalar) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if ('bytes' in value) return value.bytes;
  if ('uri' in value) return value.uri;
  return value.map((item) => valueOperand(item, scalar));
}

/** `operand` as property `subject` of type `type` stores it, or a `bad_request` naming property and value. */
export function storedValue(operand: Operand, type: PropType, subject: string): Value {
  if (operand === null) {
    if (type.nullable) return null;
    throw new GraphError('bad_request', `non-nullable property '${subject}' has null or invalid values, got null`);
  }
  if (operand instanceof Uint8Array) return { bytes: operand };
  const value = converterFor(type)(operand, 'exact');
  if (value === NEEDS_EXACT) throw new Error('a converter asked for exact numbers that it had');
  if (!(value instanceof Refusal)) {
    if (!hasLoneSurrogate(operand)) return value;
    throw new GraphError('bad_request', `property '${subject}': the text is not well-formed Unicode`);
  }
  throw new GraphError('bad_request', `property '${subject}': ${value.reason}, got ${preview(operand)}`);
}
