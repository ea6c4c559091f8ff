/** One `.gq` text beside the garden schema, and a way to ask a feature about a mark in it. */
import type { CancellationToken } from 'vscode-languageserver';
import type { QueryDocument } from '../../../../language/src/editor/documents.js';
import type {
  ClientFacts,
  DocumentMethod,
  DocumentRequests,
  Feature,
} from '../../../../language/src/editor/feature.js';
import { GARDEN_SCHEMA } from '../../query/garden.js';
import { marked, positionAt } from '../fixture.js';
import { openFolder, uriOf } from '../symbols/fixture.js';

export { applyEdits, marked, positionAt, textIn } from '../fixture.js';

export const QUERY_FILE = 'queries/q.gq';
export const SCHEMA_FILE = 'garden.pg';

export const CLUSTER = `version: 1
metadata:
  name: test
graphs:
  garden:
    schema: ./garden.pg
    queries: ./queries
`;

export interface Opened {
  readonly document: QueryDocument;
  readonly context: Awaited<ReturnType<typeof openFolder>>['context'];
}

/** Opens the text (marks and all) as the only query file of a cluster. */
export async function openQuery(
  text: string,
  { schema = GARDEN_SCHEMA, client = {} }: { readonly schema?: string; readonly client?: Partial<ClientFacts> } = {},
): Promise<Opened> {
  const files = { 'cluster.yaml': CLUSTER, [SCHEMA_FILE]: schema, [QUERY_FILE]: text };
  const { workspace, context } = await openFolder(files, client);
  const document = workspace.document(uriOf(QUERY_FILE));
  if (document?.kind !== 'query') throw new Error('the fixture is no query document');
  return { document, context };
}

export const never: CancellationToken = {
  isCancellationRequested: false,
  onCancellationRequested: () => ({ dispose: () => undefined }),
};

/** Asks a feature; `|` in the source is the position, `<|…|>` the range, when there is one. */
export async function ask<M extends DocumentMethod>(
  feature: Feature<'query'>,
  method: M,
  source: string,
  params: object = {},
  options: Parameters<typeof openQuery>[1] = {},
): Promise<{ readonly answer: DocumentRequests[M][1] | null; readonly text: string; readonly opened: Opened }> {
  const hasMark = source.includes('|');
  const { text, position, range } = hasMark
    ? marked(source)
    : {
        text: source,
        position: positionAt(source, 0),
        range: { start: positionAt(source, 0), end: positionAt(source, source.length) },
      };
  const opened = await openQuery(text, options);
  const handler = feature(opened.context)[method];
  if (handler === undefined) throw new Error(`the feature does not handle ${method}`);
  const all = { textDocument: { uri: opened.document.uri }, position, range, ...params };
  // Parameters beyond those of the method do no harm.
  const answer = await (handler as AnyHandler<M>)(opened.document, all, never);
  return { answer, text, opened };
}

type AnyHandler<M extends DocumentMethod> = (
  document: QueryDocument,
  params: unknown,
  cancel: CancellationToken,
) => DocumentRequests[M][1] | null | Promise<DocumentRequests[M][1] | null>;
