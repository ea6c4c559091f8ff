/**
 * Moving a graph to another schema (engine.md §17, schema-language.md §16): all table work happens on versions nobody
 * names yet, and one commit makes the new schema and the new tables visible together.
 */
import {
  type BoundSchema,
  evolveSchema,
  headline,
  isError,
  type MigrationPlan,
  unsupportedReason,
  withDropMode,
} from 'omnigraph-language';
import { GraphError, limitExceeded } from '../graph-error.js';
import type { BranchView } from '../graph-state.js';
import type { WriterContext } from '../graph-writer.js';
import { MAIN, replaceSchemaText, writeSchemaObjects } from '../log/index.js';
import { commitAfter, publish } from '../publish.js';
import { TableContention } from '../tables/index.js';
import type { SchemaApplyResult, SchemaPlanResult } from '../types.js';
import { releaseSchemaApplyMarker, takeSchemaApplyMarker } from './apply-marker.js';
import { compileOrRefuse } from './compile-desired.js';
import { migrateTables, removeHardDropped } from './migrate-tables.js';

export interface SchemaApplyRequest {
  readonly text: string;
  readonly actor: string | null;
  /** Every drop becomes hard: old versions of what is dropped are removed at once. */
  readonly allowDataLoss: boolean;
}

/** What applying `text` would do. `bad_request` for a schema with errors or an identity that cannot be resolved. */
export async function planSchema(
  context: WriterContext,
  text: string,
  { allowDataLoss }: { readonly allowDataLoss: boolean },
): Promise<SchemaPlanResult> {
  const { plan } = migrationTo(await context.state.view(MAIN), text, allowDataLoss);
  return { supported: plan.supported, step_count: plan.steps.length, steps: plan.steps };
}

/**
 * Applies `text` on main. Throws `GraphError`: `bad_request` (errors in the text, unsupported change), `conflict` (other
 * branches live, another apply runs, the head moved).
 */
export async function applySchema(context: WriterContext, request: SchemaApplyRequest): Promise<SchemaApplyResult> {
  const { gate } = context;
  if (gate.schemaApplyRunning) throw new GraphError('conflict', 'a schema apply is already in progress');
  if (gate.exportRunning) throw exportRuns();
  gate.schemaApplyRunning = true;
  try {
    return await gate.exclusively(() => underMarker(context, request));
  } finally {
    gate.schemaApplyRunning = false;
  }
}

async function underMarker(context: WriterContext, request: SchemaApplyRequest): Promise<SchemaApplyResult> {
  const { store } = context.location;
  const holder = context.ids();
  await takeSchemaApplyMarker(store, holder, context.clock());
  try {
    return await applyOnHead(context, request);
  } finally {
    await releaseSchemaApplyMarker(store, holder);
  }
}

async function applyOnHead(context: WriterContext, request: SchemaApplyRequest): Promise<SchemaApplyResult> {
  await refuseOtherBranches(context);
  const view = await context.state.viewWithCurrentText();
  const { plan, bound } = migrationTo(view, request.text, request.allowDataLoss);
  const unsupported = plan.steps.find((step) => step.kind === 'unsupported_change');
  if (unsupported !== undefined) throw new GraphError('bad_request', unsupportedReason(unsupported));
  const steps = { supported: true, step_count: plan.steps.length, steps: plan.steps };
  const { graph_manifest_version: current } = view.head.commit;
  if (plan.steps.length === 0 || bound === undefined) {
    await replaceText(context, view, request.text);
    return result(steps, false, current);
  }
  const version = await commitSchema(context, request, view, bound);
  return result(steps, true, version);
}

const result = (plan: SchemaPlanResult, applied: boolean, version: number): SchemaApplyResult => ({
  supported: plan.supported,
  applied,
  step_count: plan.step_count,
  graph_manifest_version: version,
  steps: plan.steps,
});

function migrationTo(
  view: BranchView,
  text: string,
  allowDataLoss: boolean,
): { readonly plan: MigrationPlan; readonly bound?: BoundSchema } {
  const evolved = evolveSchema(view.schema.bound, compileOrRefuse(text));
  const problem = evolved.plan.diagnostics.find(isError);
  if (problem !== undefined) throw new GraphError('bad_request', headline(problem));
  return allowDataLoss ? { ...evolved, plan: withDropMode(evolved.plan, 'hard') } : evolved;
}

/** A text that differs in layout or comments only becomes the accepted one, so that readers of the text agree. */
async function replaceText(context: WriterContext, view: BranchView, text: string): Promise<void> {
  if (text === view.schema.source) return;
  const { replacements } = view.schema;
  if (!(await replaceSchemaText(context.location.store, view.head.schema, replacements, text))) {
    throw new GraphError('conflict', 'the accepted schema text was replaced by someone else meanwhile; apply again');
  }
  await context.state.viewWithCurrentText();
}

async function commitSchema(
  context: WriterContext,
  request: SchemaApplyRequest,
  view: BranchView,
  bound: BoundSchema,
): Promise<number> {
  const { store } = context.location;
  const next = { id: context.ids(), actor: request.actor, now: context.clock() };
  const commit = commitAfter(view.head, null, next);
  const source = await writeSchemaObjects(store, bound, request.text);
  const mode = request.allowDataLoss ? 'hard' : 'soft';
  const migration = await migrateTables(context.tables, view, bound.catalog, commit.graph_commit_id, mode).catch(
    (error: unknown) => {
      throw error instanceof TableContention ? headMoved(view) : error;
    },
  );
  const schema = { ir: bound.irHash, source, since: commit.graph_manifest_version };
  if (!(await publish(view.log, { commit, schema, tables: migration.tables }, context.warn))) {
    await Promise.allSettled(migration.created.map((path) => context.tables.drop(path)));
    throw headMoved(view);
  }
  await context.state.view(MAIN);
  if (mode === 'hard') await removeHardDropped(context.tables, migration, context.warn);
  return commit.graph_manifest_version;
}

async function refuseOtherBranches(context: WriterContext): Promise<void> {
  const others = (await context.state.branchNames()).filter((name) => name !== MAIN);
  if (others.length === 0) return;
  throw new GraphError(
    'conflict',
    `schema apply requires a graph with only main; found non-main branches: ${others.join(', ')}`,
  );
}

const headMoved = (view: BranchView): GraphError =>
  new GraphError('conflict', 'the graph changed while the schema apply ran; nothing was changed, run it again', {
    read_set_conflict: { member: 'graph_head', expected: view.head.commit.graph_commit_id, actual: null },
  });

const exportRuns = (): GraphError =>
  limitExceeded('stream_export_slots', 1, 2, 'schema apply is unavailable while an export runs');
