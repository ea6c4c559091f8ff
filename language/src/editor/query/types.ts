/** What a value of a property may be given as. */
import { elementOf } from '../../query/index.js';
import type { PropType } from '../../schema/index.js';

export type ValueUse = 'match' | 'assign' | 'predicate' | 'operand';

/** The type of a value against a property: a list is matched and compared by its elements (query-language.md §3.3). */
export const valueType = (type: PropType, use: ValueUse): PropType => (use === 'assign' ? type : elementOf(type));

/** The type of a parameter that gives such a value; parameters have no enums. */
export const parameterType = (type: PropType, use: ValueUse): PropType => ({
  ...valueType(type, use),
  nullable: use === 'assign' && type.nullable,
  enum_values: null,
});
