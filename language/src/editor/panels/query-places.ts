/** The queries of a document and the lines they stand on, for "run the query around the cursor". */
import type { Workspace } from '../workspace.js';
import { documentOf } from './request.js';

export interface QueryPlace {
  readonly name: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

/** `{ uri }` of a `.gq` document → its queries, in file order. */
export async function queryPlaces(workspace: Workspace, params: unknown): Promise<readonly QueryPlace[]> {
  const { compiled } = await documentOf(workspace, params, 'query');
  return compiled.queries.map(({ name, range }) => ({
    name,
    firstLine: range.start.line,
    lastLine: range.end.line,
  }));
}
