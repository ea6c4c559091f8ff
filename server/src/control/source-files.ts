/** Declared files, read once more at the moment they take effect: what changed since loading is never applied (§18). */
import { type ConfigFolder, contentDigest } from 'omnigraph-language';

export type Reread =
  | { readonly kind: 'unchanged'; readonly text: string }
  | { readonly kind: 'changed' }
  | { readonly kind: 'unreadable'; readonly message: string };

export async function rereadSource(folder: ConfigFolder, path: string, digest: string): Promise<Reread> {
  const reading = await folder.read(path);
  if (reading.kind !== 'text') return { kind: 'unreadable', message: reading.message };
  return contentDigest(reading.text) === digest ? { kind: 'unchanged', text: reading.text } : { kind: 'changed' };
}
