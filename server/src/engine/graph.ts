/**
 * An open graph: the engine's door for the CLI, the server and the control plane. Every read resolves one commit and
 * reads only the table versions it names; every write goes through `graph-writer.ts`.
 */
import type { Catalog } from 'omnigraph-language';
import { monotonicFactory } from 'ulid';
import { exportSnapshot } from './export.js';
import { GraphError, limitExceeded } from './graph-error.js';
import { GraphState } from './graph-state.js';
import { graphWriter, type WriterContext } from './graph-writer.js';
import { executeLoad } from './load/index.js';
import { type GraphLocation, isLocal } from './location.js';
import { checkFormatMarker, INTERNAL_SCHEMA_VERSION, MAIN } from './log/index.js';
import { pinSnapshot } from './pinned-snapshot.js';
import { executeRead } from './read/index.js';
import { applySchema, planSchema, type SchemaApplyRequest } from './schema/apply.js';
import { refuseDuringSchemaApply } from './schema/apply-marker.js';
import { TableStore } from './tables/index.js';
import { compareBytewise } from './text-order.js';
import type { GraphWriter, PinnedSnapshot } from './transaction.js';
import type {
  Commit,
  LoadRequest,
  LoadResult,
  MutationRequest,
  MutationResult,
  ReadRequest,
  ReadResult,
  ReadTarget,
  SchemaApplyResult,
  SchemaPlanResult,
  SnapshotDescription,
} from './types.js';
import { executeMutation } from './write/index.js';
import { writeGateOf } from './write-gate.js';

/** What a policy is asked at the write entries of the engine (policy.md §6.4). */
export interface WriteQuestion {
  readonly action: 'change' | 'schema_apply';
  readonly actor: string | null;
  readonly branch?: string;
  readonly targetBranch?: string;
}

export interface OpenOptions {
  /** `read` writes nothing, ever; its write methods throw. */
  readonly mode: 'read' | 'write';
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** Fresh ULIDs. */
  readonly ids?: () => string;
  /** Told what went wrong without making the operation fail. */
  readonly warn?: (message: string) => void;
  /** Asked before every write does anything; throws `GraphError` `forbidden` to refuse it. Absent: no policy. */
  readonly authorizeWrite?: (question: WriteQuestion) => void;
}

/**
 * Opens a graph. Throws `GraphError`: `not_found` when the location holds none or a part is missing, `internal` naming
 * an object that is corrupt or of another format.
 */
export async function openGraph(location: GraphLocation, options: OpenOptions): Promise<Graph> {
  const { store } = location;
  const { clock = Date.now, ids = monotonicFactory(), warn = () => undefined } = options;
  if (!(await checkFormatMarker(store))) {
    throw new GraphError('not_found', `${store.location} is not a graph; run init first`);
  }
  const state = new GraphState(store);
  const { schema } = await state.view(MAIN);
  if (options.mode === 'write') {
    await state.branchNames();
    if (isLocal(location)) await probeExclusiveCreation(location, ids());
    // Healing of table versions that a dead writer left is part of the next write to the table.
    await clearDeadSchemaApply(location, clock());
  }
  const identity = `${store.location}#${schema.bound.ir.schema_identity_domain}`;
  const tables = new TableStore({ ...location, identity });
  const context = { location, state, tables, gate: writeGateOf(store.location), clock, ids, warn };
  return new Graph(options.mode, context, options.authorizeWrite ?? (() => undefined));
}

export class Graph {
  readonly #mode: 'read' | 'write';
  readonly #context: WriterContext;
  readonly #writer: GraphWriter;
  readonly #authorizeWrite: (question: WriteQuestion) => void;

  constructor(mode: 'read' | 'write', context: WriterContext, authorizeWrite: (question: WriteQuestion) => void) {
    this.#mode = mode;
    this.#authorizeWrite = authorizeWrite;
    this.#context = context;
    this.#writer = graphWriter(context);
  }

  /** The accepted catalog as of the newest operation of this handle. */
  get catalog(): Catalog {
    return this.#context.state.catalog;
  }

  /** The accepted source text, byte for byte as applied. */
  get schemaSource(): string {
    return this.#context.state.schemaSource;
  }

  /** Live branch names, `main` among them, sorted bytewise. */
  branches(): Promise<readonly string[]> {
    return this.#context.state.branchNames();
  }

  /** The newest commit of a branch and its tables (engine.md §2). */
  async snapshot(branch: string = MAIN): Promise<SnapshotDescription> {
    const { head } = await this.#context.state.view(branch);
    return {
      graph_branch: branch,
      graph_manifest_version: head.commit.graph_manifest_version,
      internal_schema_version: INTERNAL_SCHEMA_VERSION,
      datasets: [...head.tables]
        .sort(([a], [b]) => compareBytewise(a, b))
        .map(([key, table]) => ({
          entity_kind: key.startsWith('node:') ? 'node' : 'edge',
          type_name: key.slice(key.indexOf(':') + 1),
          dataset_path: table.path,
          published_dataset_version: table.version,
          native_dataset_branch: table.branch,
          entity_count: table.entityCount,
        })),
    };
  }

  /** Commits of a branch, newest first (engine.md §3.1). */
  async commits(branch: string = MAIN): Promise<readonly Commit[]> {
    const { log } = await this.#context.state.view(branch);
    const commits: Commit[] = [];
    for await (const records of log.newestFirst()) commits.push(...records.map((record) => record.commit));
    return commits;
  }

  /** A commit of any live branch; `not_found` otherwise. */
  async commit(id: string): Promise<Commit> {
    return (await this.#context.state.record(id)).commit;
  }

  /** One commit's tables, held fast: the head of a branch, or an earlier commit seen through the current schema. */
  async pin(target: ReadTarget): Promise<PinnedSnapshot> {
    const { state, tables } = this.#context;
    if ('branch' in target) {
      const { head, schema } = await state.view(target.branch);
      return pinSnapshot(target.branch, head, schema.bound.catalog, tables);
    }
    const { schema } = await state.view(MAIN);
    const record = await state.record(target.snapshot);
    return pinSnapshot(record.commit.graph_branch ?? MAIN, record, schema.bound.catalog, tables);
  }

  /** Runs a checked read query. */
  async read(request: ReadRequest): Promise<ReadResult> {
    const now = this.#context.clock();
    const snapshot = await this.pin(request.target);
    const commitId = snapshot.commit.graph_commit_id;
    return executeRead(request.plan, { snapshot, params: request.params, now, commitId });
  }

  /** Runs a checked mutation as one commit, or none when nothing matched. */
  async mutate(request: MutationRequest): Promise<MutationResult> {
    this.#requireWrite('mutate');
    this.#authorizeWrite({ action: 'change', actor: request.actor, branch: request.branch });
    return executeMutation({ writer: this.#writer }, request);
  }

  /** Loads NDJSON as one commit. */
  async load(request: LoadRequest): Promise<LoadResult> {
    this.#requireWrite('load');
    this.#authorizeWrite({ action: 'change', actor: request.actor, branch: request.branch });
    const { state, ids } = this.#context;
    const { schema } = await state.view(request.branch);
    const { catalog } = schema.bound;
    return executeLoad({ writer: this.#writer, catalog, newId: ids, branchCreated: false }, request);
  }

  /**
   * The head of a branch as NDJSON, in chunks of at most 64 KiB. One export per graph at a time in this process
   * (`resource_limit` otherwise); leaving the loop frees the slot.
   */
  async *export(request: {
    readonly branch: string;
    readonly typeNames: readonly string[];
  }): AsyncGenerator<Uint8Array, void, undefined> {
    const { gate } = this.#context;
    if (gate.exportRunning) {
      throw limitExceeded(
        'stream_export_slots',
        1,
        2,
        'an export of this graph is running; try again when it has ended',
      );
    }
    gate.exportRunning = true;
    try {
      yield* exportSnapshot(await this.pin({ branch: request.branch }), request.typeNames);
    } finally {
      gate.exportRunning = false;
    }
  }

  /** What applying a schema text would do; changes nothing. */
  planSchema(text: string, options: { readonly allowDataLoss: boolean }): Promise<SchemaPlanResult> {
    return planSchema(this.#context, text, options);
  }

  /** Makes a schema text the accepted one, in one commit (engine.md §17). */
  async applySchema(text: string, options: Omit<SchemaApplyRequest, 'text'>): Promise<SchemaApplyResult> {
    this.#requireWrite('schema apply');
    this.#authorizeWrite({ action: 'schema_apply', actor: options.actor, targetBranch: MAIN });
    return applySchema(this.#context, { text, ...options });
  }

  /** The write door of `load/` and `write/`. */
  get writer(): GraphWriter {
    this.#requireWrite('write');
    return this.#writer;
  }

  async close(): Promise<void> {
    this.#context.tables.close();
  }

  #requireWrite(operation: string): void {
    if (this.#mode === 'read') throw new Error(`${operation}: the graph was opened for reading only`);
  }
}

/** A file system on which two writers can both create one object would lose commits. */
async function probeExclusiveCreation({ store }: GraphLocation, id: string): Promise<void> {
  const key = `__probe-${id}`;
  const bytes = new TextEncoder().encode(id);
  const [first, second] = [await store.putIfAbsent(key, bytes), await store.putIfAbsent(key, bytes)];
  if (first) await store.delete(key);
  if (!first || second) {
    throw new GraphError(
      'internal',
      `${store.location} cannot create a file exactly once; keep the graph on another disk`,
    );
  }
}

async function clearDeadSchemaApply({ store }: GraphLocation, now: number): Promise<void> {
  await refuseDuringSchemaApply(store, 'open', now).catch((error: unknown) => {
    // A live one makes writes refuse; opening may go on.
    if (!(error instanceof GraphError && error.kind === 'conflict')) throw error;
  });
}
