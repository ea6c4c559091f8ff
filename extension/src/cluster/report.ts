/** The JSON reports of `omnigraph cluster … --json` (cluster.md §§10–16), as far as commands look into them. */
export interface ReportedDiagnostic {
  readonly code: string;
  readonly severity: string;
  readonly path: string;
  readonly message: string;
}

/** Of the lock that another command holds; all absent when there is none. */
export interface LockObservations {
  readonly lock_id?: string;
  readonly lock_operation?: string;
  readonly lock_created_at?: string;
  readonly lock_pid?: number;
}

export interface ClusterReportJson {
  readonly ok?: boolean;
  readonly converged?: boolean;
  readonly applied_count?: number;
  readonly deferred_count?: number;
  readonly state_observations?: LockObservations;
  readonly diagnostics?: readonly ReportedDiagnostic[];
}

/** `undefined` when the program printed something else, as it does for a usage error. */
export function reportIn(stdout: string): ClusterReportJson | undefined {
  try {
    const report: unknown = JSON.parse(stdout);
    return typeof report === 'object' && report !== null ? report : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What a program said, without its prefix. */
export const reportText = (text: string): string => text.trim().replace(/^error: /i, '');
