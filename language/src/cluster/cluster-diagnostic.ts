/**
 * Diagnostics of cluster configuration and control plane: the two constructors every check uses, and the form in which
 * reports show them, `{ code, severity, path, message }` (cluster.md §4).
 */
import {
  type Diagnostic,
  headline,
  type RelatedLocation,
  type Severity,
  type SourceRange,
} from '../diagnostics/index.js';
import type { ClusterCode } from './codes.js';

interface DiagnosticPlace {
  readonly uri?: string;
  readonly range?: SourceRange;
  readonly remedy?: string;
  readonly related?: readonly RelatedLocation[];
}

export const clusterError = (code: ClusterCode, path: string, message: string, place?: DiagnosticPlace): Diagnostic =>
  clusterDiagnostic('error', code, path, message, place);

export const clusterWarning = (code: ClusterCode, path: string, message: string, place?: DiagnosticPlace): Diagnostic =>
  clusterDiagnostic('warning', code, path, message, place);

export const clusterDiagnostic = (
  severity: Severity,
  code: ClusterCode,
  path: string,
  message: string,
  place: DiagnosticPlace = {},
): Diagnostic => ({ code, severity, message, stage: 'C', path, ...place });

export interface ReportedDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly path: string;
  readonly message: string;
}

/**
 * A diagnostic as a report shows it: its message opens with `file:line:column:` when it has a place in a text and ends
 * with the remedy. `display` turns a URI into the name to show.
 */
export function reportedDiagnostic(
  diagnostic: Diagnostic,
  display: (uri: string) => string = displayedFile,
): ReportedDiagnostic {
  const { code, severity, path, uri, range, remedy } = diagnostic;
  const place =
    uri === undefined || range === undefined
      ? ''
      : `${display(uri)}:${range.start.line + 1}:${range.start.character + 1}: `;
  const advice = remedy === undefined ? '' : `; ${remedy}`;
  return { code, severity, path: path ?? '', message: `${place}${headline(diagnostic)}${advice}` };
}

/** A path as the configuration writes it stays whole; of a URI the file name is enough beside the diagnostic's path. */
const displayedFile = (uri: string): string => (uri.includes('://') ? uri.slice(uri.lastIndexOf('/') + 1) : uri);
