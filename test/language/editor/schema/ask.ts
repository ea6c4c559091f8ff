import { CancellationToken } from 'vscode-languageserver';
import type { SchemaDocument } from '../../../../language/src/editor/documents.js';
import type {
  ClientFacts,
  DocumentHandlers,
  DocumentMethod,
  DocumentRequests,
} from '../../../../language/src/editor/feature.js';
import { schemaFeatures } from '../../../../language/src/editor/schema/index.js';
import { openFolder, unmarked, uriOf } from '../symbols/fixture.js';

export const SCHEMA_URI = uriOf('schema.pg');

/** Opens a marked schema, beside other files, for requests at the mark. */
export async function openSchema(
  marked: string,
  others: Readonly<Record<string, string>> = {},
  client: Partial<ClientFacts> = {},
) {
  const { text, offset } = marked.includes('|') ? unmarked(marked) : { text: marked, offset: 0 };
  const { workspace, context } = await openFolder({ 'schema.pg': text, ...others }, client);
  const document = workspace.document(SCHEMA_URI);
  if (document?.kind !== 'schema') throw new Error('schema.pg is no schema');
  const position = document.lines.position(offset);
  return { document, context, text, offset, position, ask: asker(document, context) };
}

function asker(document: SchemaDocument, context: Parameters<(typeof schemaFeatures)[number]>[0]) {
  const handlers: readonly DocumentHandlers<'schema'>[] = schemaFeatures.map((feature) => feature(context));
  return async <M extends DocumentMethod>(
    method: M,
    params: Omit<DocumentRequests[M][0], 'textDocument'>,
  ): Promise<DocumentRequests[M][1] | null> => {
    const handler = handlers.find((one) => one[method] !== undefined)?.[method];
    if (handler === undefined) throw new Error(`nothing answers ${method}`);
    const whole = { textDocument: { uri: document.uri }, ...params } as DocumentRequests[M][0];
    return handler(document, whole, CancellationToken.None);
  };
}

/** `line:column` from one. */
export const place = ({ line, character }: { line: number; character: number }): string => `${line + 1}:${character}`;
