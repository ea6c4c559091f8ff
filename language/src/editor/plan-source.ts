/**
 * Where plan previews come from: something that can read a cluster's ledger and graph roots. It is passed in; a browser
 * has none, and then the editor shows no plan.
 */
import type { DesiredRevision, PlanReport, ResourceStatus } from '../cluster/index.js';
import type { Catalog } from '../schema/index.js';

export interface PlanSource {
  /**
   * What `apply` would do for a desired revision, read without the lock and without writing anything. Trouble is in the
   * report's diagnostics; a rejection is a bug. `configDir` is the folder's path as the host's process knows it.
   */
  preview(desired: DesiredRevision, options: PreviewOptions): Promise<PlanPreview>;
}

export interface PreviewOptions {
  readonly configDir: string;
  /** Looks at the graph roots anew even when configuration and ledger are those of the last time. */
  readonly fresh?: boolean;
}

/** The report of `cluster plan`, and what else is recorded and seen of the cluster. */
export interface PlanPreview {
  /** A lock held by a command is in its `state_observations`, although the preview itself takes none. */
  readonly report: PlanReport;
  /** `unusable`: there, but no ledger that can be read. `unknown`: never looked, since the configuration has errors. */
  readonly ledger: 'found' | 'missing' | 'unusable' | 'unreachable' | 'unknown';
  /** As the last command recorded them, by address. */
  readonly resource_statuses: ReadonlyMap<string, ResourceStatus>;
  /** By graph id: the graphs of the ledger. */
  readonly graphs: ReadonlyMap<string, GraphPreview>;
}

export type GraphPreview =
  | {
      readonly kind: 'open';
      /** The schema as last applied. */
      readonly accepted: Catalog;
      /** `main` among them. */
      readonly branches: readonly string[];
      /** On `main`, by type key (`node:Vessel`). */
      readonly rows: ReadonlyMap<string, number>;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly message: string };
