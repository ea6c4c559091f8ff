/** Diagnostics that the client fetches: of one document, and of the whole workspace (LSP 3.17 pull diagnostics). */
import type {
  DocumentDiagnosticReport,
  Diagnostic as LspDiagnostic,
  PreviousResultId,
  WorkspaceDiagnosticReport,
  WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { DocumentChecker } from './diagnostics-checker.js';
import type { EditorDocument } from './documents.js';
import { canonicalUri } from './uris.js';

export interface PullDiagnostics {
  document(document: EditorDocument, previous: string | undefined): Promise<DocumentDiagnosticReport>;
  workspace(
    documents: readonly EditorDocument[],
    previous: readonly PreviousResultId[],
  ): Promise<WorkspaceDiagnosticReport>;
}

/** `encode` turns positions into the client's. */
export function createPullDiagnostics(
  checker: DocumentChecker,
  encode: (diagnostics: readonly LspDiagnostic[], uri: string) => readonly LspDiagnostic[],
): PullDiagnostics {
  const reported = new Map<string, { readonly text: string; readonly id: string }>();
  let count = 0;

  async function report(document: EditorDocument, previous: string | undefined): Promise<DocumentDiagnosticReport> {
    const items = encode(await checker.check(document), document.uri);
    const key = canonicalUri(document.uri);
    const text = JSON.stringify(items);
    const last = reported.get(key);
    if (last?.text !== text) count += 1;
    const resultId = last?.text === text ? last.id : String(count);
    reported.set(key, { text, id: resultId });
    return resultId === previous ? { kind: 'unchanged', resultId } : { kind: 'full', resultId, items: [...items] };
  }

  return {
    document: report,
    workspace: async (documents, previous) => {
      const ids = new Map(previous.map(({ uri, value }) => [canonicalUri(uri), value]));
      const items: WorkspaceDocumentDiagnosticReport[] = [];
      for (const document of documents) {
        const { uri, version = null } = document;
        items.push({ ...(await report(document, ids.get(canonicalUri(uri)))), uri, version });
      }
      // A file that is gone has nothing wrong with it any more.
      const there = new Set(documents.map(({ uri }) => canonicalUri(uri)));
      for (const { uri } of previous) {
        if (!there.has(canonicalUri(uri))) items.push({ kind: 'full', uri, version: null, items: [] });
      }
      return { items };
    },
  };
}
