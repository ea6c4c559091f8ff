/**
 * Runs a read plan against one pinned snapshot: match, then group or order, then print the cells. Work is done on
 * columns of row numbers; JSON values are made once, for the rows that are returned. query-language.md §§5, 6.
 */
import type { ReadPlan, ReturnItem, SortItem, Value } from 'omnigraph-language';
import { compareBytewise } from '../text-order.js';
import type { ReadResult } from '../types.js';
import { aggregate, isAggregate } from './aggregate.js';
import { type Bindings, UNIT } from './bindings.js';
import { DEFAULT_POLICY, runOnBestSource, type SourcePolicy } from './choose-source.js';
import { type Delivery, runBlock } from './match.js';
import type { EvaluationContext } from './operands.js';
import { orderedPositions, type SortKey } from './ordering.js';
import { idReader, type OutputColumn, outputColumns, valueColumn } from './output-column.js';
import { checkConstants } from './plan-constants.js';
import type { ReadableSnapshot } from './readable-snapshot.js';
import { processCache, type ResidentCache } from './resident/resident-cache.js';
import type { RowSource } from './row-source.js';
import { type BlockPlan, planBlock } from './steps.js';
import { unsupported } from './unsupported.js';

export interface ReadContext {
  readonly snapshot: ReadableSnapshot;
  /** Bound parameters; Date and DateTime ones as text (§9). */
  readonly params: ReadonlyMap<string, Value>;
  /** Milliseconds since the epoch: what `now()` means in this request. */
  readonly now: number;
  /** Head of the snapshot, repeated in the result. */
  readonly commitId?: string;
  /** Default: the one all requests of the process share. */
  readonly cache?: ResidentCache;
  /** When to read by key instead of loading tables. */
  readonly policy?: SourcePolicy;
}

/** Throws `GraphError` `bad_request` for what type-checks and cannot be executed, `resource_limit` for too many rows. */
export async function executeRead(plan: ReadPlan, context: ReadContext): Promise<ReadResult> {
  refuseUnsupportedOrder(plan);
  checkConstants(plan, context);
  const { snapshot, cache = processCache, policy = DEFAULT_POLICY } = context;
  const block = planBlock(plan.match, new Map(), {
    catalog: snapshot.catalog,
    entityCount: (type) => snapshot.entityCount(type),
  });
  const columns = await runOnBestSource(plan, block, snapshot, { cache, policy }, (source) =>
    resultColumns(plan, block, source, context),
  );
  return { ...columns, commitId: context.commitId };
}

type Columns = Pick<ReadResult, 'columns' | 'rowCount'>;

async function resultColumns(
  plan: ReadPlan,
  block: BlockPlan,
  source: RowSource,
  context: ReadContext,
): Promise<Columns> {
  const evaluation: EvaluationContext = { source, scope: block.scope, request: context };
  const table = await runBlock(block, UNIT, deliveryOf(plan), { ...evaluation, catalog: context.snapshot.catalog });
  return isAggregate(plan.items) ? groupedColumns(plan, table, evaluation) : plainColumns(plan, table, evaluation);
}

async function plainColumns(plan: ReadPlan, table: Bindings, context: EvaluationContext): Promise<Columns> {
  const columns = await outputColumns(plan.items, table, context);
  const keys: SortKey[] = [];
  for (const { expr, descending } of plan.order) {
    const column =
      expr.kind === 'alias'
        ? columnNamed(expr.name, columns, expr)
        : await valueColumn(expr, '', 'ordering', table, context);
    keys.push({ read: sortable(column, expr), descending });
  }
  for (const variable of namedVariables(plan)) {
    keys.push({ read: await idReader(variable, table, context), descending: false });
  }
  return printed(columns, orderedPositions(table.length, keys, limitOf(plan)));
}

async function groupedColumns(plan: ReadPlan, table: Bindings, context: EvaluationContext): Promise<Columns> {
  const { groupCount, columns, keys: keyColumns } = await aggregate(plan.items, table, context);
  const keys: SortKey[] = plan.order.map(({ expr, descending }) => {
    const column = expr.kind === 'alias' ? columnNamed(expr.name, columns, expr) : groupingColumn(expr, plan, columns);
    return { read: sortable(column, expr), descending };
  });
  for (const at of keyColumns) {
    const column = columns[at] as OutputColumn;
    keys.push({ read: column.scalar ?? ((group) => JSON.stringify(column.cell(group))), descending: false });
  }
  return printed(columns, orderedPositions(groupCount, keys, limitOf(plan)));
}

function printed(columns: readonly OutputColumn[], positions: Uint32Array): Columns {
  return {
    columns: columns.map(({ name, cell }) => ({ name, values: Array.from(positions, cell) })),
    rowCount: positions.length,
  };
}

/** Sort keys that are legal at execution: a property, or the name of a returned column (§5.6). */
function refuseUnsupportedOrder({ order }: ReadPlan): void {
  for (const { expr } of order) {
    if (expr.kind !== 'property' && expr.kind !== 'alias') throw unsupported(expr, 'ordering');
  }
}

/** As in row objects, the last of equal names counts. */
function columnNamed(name: string, columns: readonly OutputColumn[], expr: SortItem['expr']): OutputColumn {
  const column = columns.findLast((candidate) => candidate.name === name);
  if (column === undefined) throw unsupported(expr, 'ordering');
  return column;
}

/** In an aggregate query a property orders groups only where it is a projected grouping item without alias (§5.6). */
function groupingColumn(expr: SortItem['expr'], plan: ReadPlan, columns: readonly OutputColumn[]): OutputColumn {
  const at = plan.items.findIndex((item) => item.alias === null && isSameProperty(item, expr));
  const column = columns[at];
  if (column === undefined) throw unsupported(expr, 'ordering');
  return column;
}

const isSameProperty = ({ expr }: ReturnItem, other: SortItem['expr']): boolean =>
  expr.kind === 'property' &&
  other.kind === 'property' &&
  expr.variable === other.variable &&
  expr.property === other.property;

function sortable({ scalar }: OutputColumn, expr: SortItem['expr']): SortKey['read'] {
  if (scalar === null) throw unsupported(expr, 'ordering');
  return scalar;
}

/** Without aggregates every row counts by itself; with them, only what the items read must survive. */
function deliveryOf(plan: ReadPlan): Delivery {
  if (!isAggregate(plan.items)) return { variables: new Set(namedVariables(plan)), merging: 'rows' };
  const variables = plan.items.flatMap(({ expr }) => {
    const value = expr.kind === 'aggregate' ? expr.argument : expr;
    if (expr.kind === 'aggregate' && expr.function === 'count' && value.kind === 'variable') return [];
    return value.kind === 'property' || value.kind === 'variable' ? [value.variable] : [];
  });
  return { variables: new Set(variables), merging: 'bag' };
}

/** The variables whose ids break ties, in the order in which they do (§5.6). */
const namedVariables = ({ match }: ReadPlan): readonly string[] =>
  match.variables
    .filter(({ anonymous }) => !anonymous)
    .map(({ name }) => name)
    .sort(compareBytewise);

const limitOf = ({ limit }: ReadPlan): number => (limit === null ? Number.POSITIVE_INFINITY : Number(limit));
