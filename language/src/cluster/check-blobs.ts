/** The external blob policy a graph declares, normalized. Contract: cluster.md §3.5. Any error makes it Deny. */
import {
  type BlobBase,
  type BlobPolicy,
  basesOverlap,
  filePathOf,
  normalizeBlobBase,
  sortBases,
} from './blob-policy.js';
import type { BlobBaseEntry, GraphEntry } from './config.js';
import type { ConfigSink } from './config-sink.js';
import type { ConfigFolder } from './desired.js';

/** `undefined` is Deny. Codes: `invalid_external_blob_base`, `invalid_external_blob_policy`. */
export async function checkBlobs(
  graph: GraphEntry,
  folder: ConfigFolder,
  sink: ConfigSink,
): Promise<BlobPolicy | undefined> {
  const path = `graphs.${graph.id.value}.external_blobs.allow`;
  const allow = graph.externalBlobs?.allow ?? [];
  const accepted: AcceptedBase[] = [];
  for (const [at, entry] of allow.entries()) {
    const result = await checkBase(entry, folder);
    if (typeof result !== 'string') accepted.push(result);
    else {
      const remedy = 'name a folder as s3://bucket/folder/, or as file:///folder/ with scope embedded_only';
      sink.error('invalid_external_blob_base', `${path}[${at}].base`, result, entry.base.range, remedy);
    }
  }
  const overlap = findOverlap(accepted);
  if (overlap !== undefined) {
    const message = `"${overlap.written}" and "${overlap.other}" overlap`;
    sink.error('invalid_external_blob_policy', path, message, overlap.range, 'keep the wider one');
  }
  if (accepted.length === 0 || accepted.length < allow.length || overlap !== undefined) return undefined;
  return { mode: 'allow', bases: sortBases(accepted.map(({ base }) => base)) };
}

interface AcceptedBase {
  readonly base: BlobBase;
  /** The URI by which overlaps are judged: of a file base, that of its real path. */
  readonly canonical: string;
  readonly entry: BlobBaseEntry;
}

async function checkBase(entry: BlobBaseEntry, folder: ConfigFolder): Promise<AcceptedBase | string> {
  const written = entry.base.value;
  const normalized = normalizeBlobBase(written, entry.scope.value);
  if (normalized.kind === 'rejected') return `"${redactSecrets(written)}" is refused: ${normalized.reason}`;
  const { base } = normalized;
  const filePath = filePathOf(base.uri);
  if (filePath === undefined) return { base, canonical: base.uri, entry };
  const real = await folder.realDirectory(filePath);
  if (real === undefined) return `"${written}" is refused: there is no such directory`;
  return { base, canonical: `file://${real.endsWith('/') ? real : `${real}/`}`, entry };
}

function findOverlap(bases: readonly AcceptedBase[]) {
  for (const [at, later] of bases.entries()) {
    const earlier = bases.slice(0, at).find((base) => basesOverlap(base.canonical, later.canonical));
    if (earlier !== undefined) {
      return { written: later.entry.base.value, other: earlier.entry.base.value, range: later.entry.base.range };
    }
  }
  return undefined;
}

/** Secrets never reach a message, not even those a user typed where they do not belong. */
const redactSecrets = (uri: string): string => uri.replace(/\/\/[^/]*@/, '//…@').replace(/[?#].*$/s, '?…');
