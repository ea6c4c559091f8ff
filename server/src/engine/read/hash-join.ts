/** Joins two tables on one equality, instead of pairing every row with every row. */
import { type Bindings, columnOf, takeRows } from './bindings.js';
import { type EvaluationContext, scalarOperand } from './operands.js';
import type { ScalarValue } from './order-of-values.js';
import { RowBuffer } from './row-buffer.js';
import type { JoinKey } from './steps.js';

/** Pairs that agree on the key, by value across numeric widths; rows without a value pair with nothing. */
export async function hashJoin(
  table: Bindings,
  candidates: Bindings,
  { bound, scanned }: JoinKey,
  context: EvaluationContext,
): Promise<Bindings> {
  const [left, right] = await Promise.all([
    scalarOperand(bound, table, context),
    scalarOperand(scanned, candidates, context),
  ]);
  const positions = new Map<ScalarValue, RowBuffer>();
  for (let at = 0; at < candidates.length; at++) {
    const key = joinKey(right.kind === 'constant' ? right.value : right.read(at));
    if (key === null) continue;
    const known = positions.get(key) ?? new RowBuffer();
    known.push(at);
    positions.set(key, known);
  }
  const matches = new Map([...positions].map(([key, found]) => [key, found.toArray()]));
  const parents = new RowBuffer();
  const partners = new RowBuffer();
  const rows = columnOf(candidates, scanned.variable);
  for (let row = 0; row < table.length; row++) {
    const key = joinKey(left.kind === 'constant' ? left.value : left.read(row));
    const found = key === null ? undefined : matches.get(key);
    if (found === undefined) continue;
    for (let at = 0; at < found.length; at++) {
      parents.push(row);
      partners.push(rows[found[at] as number] as number);
    }
  }
  return takeRows(table, parents.toArray(), new Map([[scanned.variable, partners.toArray()]]));
}

/** One spelling per number, whatever its width: a `bigint` that a number holds exactly is that number. */
function joinKey(value: ScalarValue | null): ScalarValue | null {
  if (typeof value !== 'bigint') return value;
  const narrow = Number(value);
  return BigInt(narrow) === value ? narrow : value;
}
