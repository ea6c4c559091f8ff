/** `@range`, `@check` and enums of the rows a change brings (engine.md §10, schema-language.md §17). */
import { type Bound, type CheckConstraint, compilePattern, type RangeConstraint } from 'omnigraph-language';
import type { Violation } from './change-set.js';
import { batchColumn, type EntityBatch } from './entity-batch.js';
import { place } from './places.js';

/** Violations of one type, in rule order (ranges, checks, enums), then row order. */
export function* valueViolations(rows: EntityBatch): Generator<Violation> {
  if (rows.type.kind === 'node') {
    for (const range of rows.type.ranges) yield* rangeViolations(rows, range);
    for (const check of rows.type.checks) yield* checkViolations(rows, check);
  }
  for (const property of rows.type.properties.values()) {
    if (property.type.enum_values !== null) yield* enumViolations(rows, property.name, property.type.enum_values);
  }
}

function* rangeViolations(rows: EntityBatch, range: RangeConstraint): Generator<Violation> {
  const [min, max] = [boundValue(range.min), boundValue(range.max)];
  const values = batchColumn(rows, range.property);
  for (let row = 0; row < rows.length; row += 1) {
    const value = values[row];
    // Lists pass (§17). 64-bit integers are compared as doubles, as the contract says.
    if (typeof value !== 'number' && typeof value !== 'bigint') continue;
    const number = Number(value);
    const breach = Number.isNaN(number)
      ? 'NaN is outside every range'
      : min !== undefined && number < min
        ? `value ${value} < min ${min}`
        : max !== undefined && number > max
          ? `value ${value} > max ${max}`
          : undefined;
    if (breach !== undefined) {
      yield valueViolation(rows, row, `@range violation on ${rows.type.name}.${range.property}: ${breach}`);
    }
  }
}

function boundValue(bound: Bound | null): number | undefined {
  if (bound === null) return undefined;
  return 'Integer' in bound ? Number(bound.Integer) : bound.Float;
}

function* checkViolations(rows: EntityBatch, check: CheckConstraint): Generator<Violation> {
  const subject = `@check violation on ${rows.type.name}.${check.property}`;
  const pattern = compilePattern(check.pattern);
  if ('problem' in pattern) {
    // A pattern nothing can be held against refuses every write to the type, whatever the rows hold.
    const message = `${subject}: invalid regex '${check.pattern}': ${pattern.problem}; correct the pattern in the schema`;
    yield { kind: 'value_constraint_violation', ...owner(rows), entityId: null, message };
    return;
  }
  const values = batchColumn(rows, check.property);
  for (let row = 0; row < rows.length; row += 1) {
    const value = values[row];
    if (typeof value !== 'string' || pattern.matches(value)) continue;
    yield valueViolation(rows, row, `${subject}: value '${value}' does not match pattern '${check.pattern}'`);
  }
}

function* enumViolations(rows: EntityBatch, property: string, allowed: readonly string[]): Generator<Violation> {
  const set = new Set(allowed);
  const values = batchColumn(rows, property);
  for (let row = 0; row < rows.length; row += 1) {
    const value = values[row];
    const items = Array.isArray(value) ? value : [value];
    for (const item of items) {
      if (typeof item !== 'string' || set.has(item)) continue;
      const expected = `(expected: ${allowed.join(', ')})`;
      yield valueViolation(rows, row, `invalid enum value '${item}' for ${rows.type.name}.${property} ${expected}`);
    }
  }
}

const owner = (rows: EntityBatch): Pick<Violation, 'entityKind' | 'typeName'> => ({
  entityKind: rows.type.kind,
  typeName: rows.type.name,
});

const valueViolation = (rows: EntityBatch, row: number, message: string): Violation => ({
  kind: 'value_constraint_violation',
  ...owner(rows),
  entityId: null,
  message: `${message}${place(rows, row)}`,
});
