/**
 * An open graph's view of its own log: branches, heads and the schemas they name. Everything that reads or writes
 * starts from a `BranchView`, resolved once and then immutable (engine.md §2).
 */
import type { Catalog } from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import { GraphError } from './graph-error.js';
import {
  type AcceptedSchema,
  type Branch,
  CommitLog,
  type CommitRecord,
  firstSequence,
  type Incarnation,
  MAIN,
  MAIN_INCARNATION,
  readBranches,
  readSchema,
  type SchemaRef,
} from './log/index.js';
import { compareBytewise } from './text-order.js';

export interface BranchView {
  readonly branch: Branch;
  readonly log: CommitLog;
  readonly head: CommitRecord;
  readonly schema: AcceptedSchema;
}

const MAIN_BRANCH: Branch = { name: MAIN, incarnation: MAIN_INCARNATION, fork: null };

export class GraphState {
  readonly #store: ObjectStore;
  readonly #logs = new Map<Incarnation, CommitLog>();
  #schema: { readonly ref: SchemaRef; readonly accepted: AcceptedSchema } | undefined;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** The catalog of the newest schema this handle has met. */
  get catalog(): Catalog {
    return this.#accepted.bound.catalog;
  }

  /** Its source text, byte for byte as applied. */
  get schemaSource(): string {
    return this.#accepted.source;
  }

  /** A branch at its newest commit. `not_found` for a branch that does not live. */
  async view(name: string): Promise<BranchView> {
    const branch = await this.#branch(name);
    const log = this.#log(branch);
    const head = await log.head();
    if (head === undefined) throw new GraphError('not_found', `${this.#store.location} is not a graph; run init first`);
    return { branch, log, head, schema: await this.#schemaOf(head.schema) };
  }

  /** Live branch names, sorted bytewise. */
  async branchNames(): Promise<readonly string[]> {
    return [...(await readBranches(this.#store)).keys()].sort(compareBytewise);
  }

  /** The record of a commit of any live branch. `not_found` when there is none. */
  async record(commitId: string): Promise<CommitRecord> {
    const main = await this.#log(MAIN_BRANCH).find(commitId);
    if (main !== undefined) return main;
    for (const branch of (await readBranches(this.#store)).values()) {
      if (branch.name === MAIN) continue;
      const record = await this.#log(branch).find(commitId);
      if (record !== undefined) return record;
    }
    throw new GraphError('not_found', `commit '${commitId}' not found`);
  }

  /** Main at its newest commit, its accepted text read again: another process may have replaced that alone. */
  async viewWithCurrentText(): Promise<BranchView> {
    const view = await this.view(MAIN);
    const accepted = await readSchema(this.#store, view.head.schema);
    this.#schema = { ref: view.head.schema, accepted };
    return { ...view, schema: accepted };
  }

  get #accepted(): AcceptedSchema {
    if (this.#schema === undefined) throw new Error('the graph has not been read yet');
    return this.#schema.accepted;
  }

  async #branch(name: string): Promise<Branch> {
    if (name === MAIN) return MAIN_BRANCH;
    const branch = (await readBranches(this.#store)).get(name);
    if (branch === undefined) throw new GraphError('not_found', `branch '${name}' not found`);
    return branch;
  }

  #log(branch: Branch): CommitLog {
    const log =
      this.#logs.get(branch.incarnation) ?? new CommitLog(this.#store, branch.incarnation, firstSequence(branch));
    this.#logs.set(branch.incarnation, log);
    return log;
  }

  /** All live branches share one schema, so the last one read is nearly always the one asked for. */
  async #schemaOf(ref: SchemaRef): Promise<AcceptedSchema> {
    if (this.#schema?.ref.ir === ref.ir && this.#schema.ref.since === ref.since) return this.#schema.accepted;
    const accepted = await readSchema(this.#store, ref);
    this.#schema = { ref, accepted };
    return accepted;
  }
}
