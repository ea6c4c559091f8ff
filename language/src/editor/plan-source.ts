/**
 * Where plan previews come from: something that can read a cluster's ledger and graph roots. It is passed in; a browser
 * has none, and then the editor shows no plan.
 */
import type { DesiredRevision, PlanReport } from '../cluster/index.js';

export interface PlanSource {
  /**
   * What `apply` would do for a desired revision, read without the lock and without writing anything. Trouble is in the
   * report's diagnostics; a rejection is a bug. `configDir` is the folder's path as the host's process knows it.
   */
  preview(desired: DesiredRevision, options: { readonly configDir: string }): Promise<PlanReport>;
}
