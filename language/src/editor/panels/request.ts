/** Parameters of requests of our own come from any client: they are read, not trusted. */
import type { EditorDocument } from '../documents.js';
import { RequestRefused } from '../feature.js';
import { member } from '../server-capabilities.js';
import type { Workspace } from '../workspace.js';

export function textMember(params: unknown, key: string): string {
  const value = member(params, key);
  if (typeof value === 'string') return value;
  throw new RequestRefused(`the parameter \`${key}\` must be a string`);
}

/** The document that `uri` names, of the wanted kind. Throws `RequestRefused`. */
export async function documentOf<K extends EditorDocument['kind']>(
  workspace: Workspace,
  params: unknown,
  kind: K,
): Promise<Extract<EditorDocument, { readonly kind: K }>> {
  const uri = textMember(params, 'uri');
  const document = await workspace.load(uri);
  if (document === undefined) throw new RequestRefused(`${uri} cannot be read`);
  if (isOfKind(document, kind)) return document;
  throw new RequestRefused(`${uri} is a ${document.kind} document; this needs a ${kind} document`);
}

const isOfKind = <K extends EditorDocument['kind']>(
  document: EditorDocument,
  kind: K,
): document is Extract<EditorDocument, { readonly kind: K }> => document.kind === kind;
