/** Checks documents, remembering what it found until something it depends on changes. */
import { CancellationToken, type Diagnostic as LspDiagnostic } from 'vscode-languageserver';
import type { Diagnostic } from '../diagnostics/index.js';
import { compilerDiagnostics } from './diagnostics-check.js';
import { type DiagnosticStyle, toLspDiagnostic } from './diagnostics-lsp.js';
import type { EditorDocument } from './documents.js';
import type { Dispatch } from './server-dispatch.js';
import { canonicalUri } from './uris.js';

export type Found = readonly LspDiagnostic[];

export interface DocumentChecker {
  /** Synchronous unless a feature of the document's kind is not. Positions are UTF-16. */
  check(document: EditorDocument): Found | Promise<Found>;
  /** Forgets what depends on texts other than the documents' own. */
  invalidate(uris: readonly string[]): void;
}

export function createDocumentChecker(dispatch: Dispatch, style: DiagnosticStyle): DocumentChecker {
  const known = new Map<string, { readonly document: EditorDocument; readonly found: Found | Promise<Found> }>();
  return {
    check: (document) => {
      const key = canonicalUri(document.uri);
      const last = known.get(key);
      if (last?.document === document) return last.found;
      const found = checked(document, dispatch, style);
      known.set(key, { document, found });
      // What failed once may work the next time.
      if (found instanceof Promise) found.catch(() => known.delete(key));
      return found;
    },
    invalidate: (uris) => {
      for (const uri of uris) known.delete(canonicalUri(uri));
    },
  };
}

function checked(document: EditorDocument, dispatch: Dispatch, style: DiagnosticStyle): Found | Promise<Found> {
  const own = compilerDiagnostics(document);
  const more = dispatch.ask('omnigraph/diagnose', document, {}, CancellationToken.None);
  const toLsp = (added: readonly Diagnostic[] | null): Found =>
    [...own, ...(added ?? [])].map((one) => toLspDiagnostic(one, document.uri, style));
  return more instanceof Promise ? more.then(toLsp) : toLsp(more);
}
