/**
 * Whole tables in memory, or look-ups by key? Tables that are in memory are always best. Otherwise a query that starts
 * from keys reads just what it reaches, until the same table versions have been asked often enough to be worth loading:
 * so neither the first query after a start nor the one after each write waits for whole tables.
 */
import type { ReadPlan } from 'omnigraph-language';
import { LookupSource, WideRead } from './lookup/lookup-source.js';
import type { ReadableSnapshot } from './readable-snapshot.js';
import type { ResidentCache } from './resident/resident-cache.js';
import { ResidentSource } from './resident/resident-source.js';
import type { RowSource, TypeKey } from './row-source.js';
import { type BlockPlan, type StepAction, travelDirection } from './steps.js';
import { typeKeyOf } from './variables.js';
import { wantedProperties } from './wanted-properties.js';

export interface SourcePolicy {
  /** Tables of so many entities together are loaded at once: that takes no longer than a handful of look-ups. */
  readonly smallGraph: number;
  /** Look-ups on the same missing table versions before these are loaded. */
  readonly lookupsBeforeLoading: number;
}

export const DEFAULT_POLICY: SourcePolicy = { smallGraph: 10_000, lookupsBeforeLoading: 8 };

export async function runOnBestSource<T>(
  plan: ReadPlan,
  block: BlockPlan,
  snapshot: ReadableSnapshot,
  { cache, policy }: { readonly cache: ResidentCache; readonly policy: SourcePolicy },
  run: (source: RowSource) => Promise<T>,
): Promise<T> {
  const readerFor = (type: TypeKey) => snapshot.readerFor(type);
  const resident = new ResidentSource(snapshot.catalog, readerFor, cache);
  if (!(await prefersLookups(block, snapshot, resident, policy))) return run(resident);
  try {
    return await run(new LookupSource(snapshot.catalog, readerFor, wantedProperties(plan, block)));
  } catch (error) {
    if (error instanceof WideRead) return run(resident);
    throw error;
  }
}

async function prefersLookups(
  block: BlockPlan,
  snapshot: ReadableSnapshot,
  resident: ResidentSource,
  policy: SourcePolicy,
): Promise<boolean> {
  const steps = accessSteps(block);
  if (steps.some(({ action }) => action.kind === 'scan' && action.access.kind === 'all')) return false;
  const missing = new Set((await Promise.all(steps.map((step) => missingTables(step, snapshot, resident)))).flat());
  const entities = [...missing].reduce((sum, type) => sum + snapshot.entityCount(type), 0);
  if (missing.size === 0 || entities <= policy.smallGraph) return false;
  const readers = await Promise.all([...missing].map((type) => snapshot.readerFor(type)));
  return resident.cache.countUse(JSON.stringify(readers.map(({ key }) => key))) <= policy.lookupsBeforeLoading;
}

type AccessAction = Extract<StepAction, { kind: 'scan' | 'expand' | 'check' }>;

interface AccessStep {
  readonly action: AccessAction;
  readonly block: BlockPlan;
}

/** The steps that touch tables, inner blocks included. */
const accessSteps = (block: BlockPlan): readonly AccessStep[] =>
  block.steps.flatMap(({ action }): readonly AccessStep[] => {
    if (action.kind === 'filter') return [];
    return action.kind === 'negate' ? accessSteps(action.block) : [{ action, block }];
  });

/** The types whose tables would have to be loaded before the step can run in memory. */
async function missingTables(
  { action, block }: AccessStep,
  { catalog }: ReadableSnapshot,
  resident: ResidentSource,
): Promise<readonly TypeKey[]> {
  if (action.kind === 'scan') {
    const type = typeKeyOf(block.scope, action.variable);
    return (await resident.hasIds(type)) ? [] : [type];
  }
  const { edge } = action.traversal;
  const type = catalog.edges.get(edge);
  if (type === undefined || (await resident.hasAdjacency(edge, travelDirection(action)))) return [];
  return [`edge:${edge}`, `node:${type.from}`, `node:${type.to}`];
}
