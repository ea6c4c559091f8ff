import {
  bindParams,
  type Catalog,
  compileQueries,
  compileSchema,
  type ExactJson,
  exactFromPlain,
  type ReadPlan,
  type Value,
} from 'omnigraph-language';
import {
  executeRead,
  type ReadableSnapshot,
  type ResidentCache,
  type SourcePolicy,
} from '../../../server/src/engine/read/index.js';

export const NOW = Date.UTC(2025, 5, 1);

export function compiled(schema: string): { readonly catalog: Catalog } {
  const { catalog, diagnostics } = compileSchema(schema);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (catalog === undefined || errors.length > 0) throw new Error(JSON.stringify(errors));
  return { catalog };
}

/** The plan and bound parameters of a text of one read query. */
export function planned(
  text: string,
  catalog: Catalog,
  json: Readonly<Record<string, unknown>> = {},
): { readonly plan: ReadPlan; readonly params: ReadonlyMap<string, Value> } {
  const { queries, diagnostics } = compileQueries(text, catalog);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const query = queries[0];
  if (errors.length > 0 || query?.plan?.kind !== 'read') throw new Error(`${text}: ${JSON.stringify(errors)}`);
  const bound = bindParams(query.params, exactFromPlain(json) as ExactJson);
  if (bound.value === undefined) throw new Error(bound.diagnostics.map(({ message }) => message).join('; '));
  return { plan: query.plan, params: bound.value };
}

export interface RunOptions {
  readonly catalog: Catalog;
  readonly snapshot: ReadableSnapshot;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly cache?: ResidentCache;
  readonly policy?: SourcePolicy;
}

export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

export async function runRead(text: string, { catalog, snapshot, params, ...options }: RunOptions): Promise<Rows> {
  const query = planned(text, catalog, params);
  const result = await executeRead(query.plan, {
    snapshot,
    params: query.params,
    now: NOW,
    ...options,
  });
  return {
    columns: result.columns.map(({ name }) => name),
    rows: Array.from({ length: result.rowCount }, (_, row) => result.columns.map(({ values }) => values[row])),
  };
}
