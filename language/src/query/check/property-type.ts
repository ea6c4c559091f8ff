/** Property types as the checker compares them (query-language.md §3.1). */
import { type PropType, type Scalar, vectorDimension } from '../../schema/catalog.js';
import type { AggregateFunction } from '../ir.js';

const NUMERIC: ReadonlySet<Scalar> = new Set(['I32', 'I64', 'U32', 'U64', 'F32', 'F64']);
const INTEGERS: ReadonlySet<Scalar> = new Set(['I32', 'I64', 'U32', 'U64']);

export const plainType = (scalar: Scalar, list = false): PropType => ({
  scalar,
  nullable: false,
  list,
  enum_values: null,
});

export const isVector = (type: PropType): boolean => vectorDimension(type) !== undefined;

export const isBlob = (type: PropType): boolean => type.scalar === 'Blob';

export const isNumericScalar = (type: PropType): boolean => !type.list && NUMERIC.has(type.scalar);

export const isIntegerScalar = (type: PropType): boolean => !type.list && INTEGERS.has(type.scalar);

export const isStringScalar = (type: PropType): boolean => !type.list && type.scalar === 'String';

export const isDateTimeScalar = (type: PropType): boolean => !type.list && type.scalar === 'DateTime';

export const elementOf = (type: PropType): PropType => ({ ...type, list: false });

/** Same list-ness and the same scalar, or both numeric; nullability and enum values never matter. */
export function isCompatible(left: PropType, right: PropType): boolean {
  if (left.list !== right.list) return false;
  const [leftSize, rightSize] = [vectorDimension(left), vectorDimension(right)];
  if (leftSize !== undefined || rightSize !== undefined) return leftSize === rightSize;
  return left.scalar === right.scalar || (NUMERIC.has(left.scalar) && NUMERIC.has(right.scalar));
}

/** Whether an aggregate takes values of a type (query-language.md §3.1). */
export function aggregates(name: AggregateFunction, type: PropType): boolean {
  switch (name) {
    case 'count':
      return true;
    case 'sum':
    case 'avg':
      return isNumericScalar(type);
    case 'min':
    case 'max':
      return isNumericScalar(type) || isStringScalar(type);
  }
}
