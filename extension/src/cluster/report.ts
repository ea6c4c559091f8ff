/** The JSON reports of `omnigraph cluster … --json` (cluster.md §§10–16), as far as commands look into them. */
export interface ReportedDiagnostic {
  readonly code: string;
  readonly severity: string;
  readonly path: string;
  readonly message: string;
}

export interface ClusterReportJson {
  readonly ok?: boolean;
  readonly converged?: boolean;
  readonly applied_count?: number;
  readonly deferred_count?: number;
  readonly state_observations?: unknown;
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
