/** Collects what is wrong with one `cluster.yaml`, each diagnostic with its place in the file. */

import type { Diagnostic, RelatedLocation, SourceRange } from '../diagnostics/index.js';
import { clusterError, clusterWarning } from './cluster-diagnostic.js';
import type { ClusterCode } from './codes.js';

export class ConfigSink {
  readonly diagnostics: Diagnostic[] = [];

  /** `uri` is the configuration file's. */
  constructor(readonly uri: string) {}

  error(code: ClusterCode, path: string, message: string, range: SourceRange, remedy: string): void {
    this.diagnostics.push(clusterError(code, path, message, { uri: this.uri, range, remedy }));
  }

  warning(code: ClusterCode, path: string, message: string, range: SourceRange, remedy: string): void {
    this.diagnostics.push(clusterWarning(code, path, message, { uri: this.uri, range, remedy }));
  }

  /** An error that stands in another file, which the configuration names at `declared`. */
  errorIn(
    cause: Diagnostic | undefined,
    code: ClusterCode,
    path: string,
    fallback: string,
    declared: SourceRange,
  ): void {
    const related: readonly RelatedLocation[] = [{ uri: this.uri, range: declared, message: 'declared here' }];
    this.diagnostics.push({
      code,
      severity: 'error',
      path,
      message: cause === undefined ? fallback : codedMessage(cause),
      stage: cause?.stage ?? 'C',
      ...(cause?.uri !== undefined && { uri: cause.uri }),
      ...(cause?.range && { range: cause.range }),
      ...(cause?.remedy !== undefined && { remedy: cause.remedy }),
      related,
    });
  }
}

/** A type error keeps its code in the text, since the diagnostic's own code says which resource is wrong. */
const codedMessage = ({ stage, code, message }: Diagnostic): string =>
  stage === 'T' && /^T\d+$/.test(code) ? `${code}: ${message}` : message;
