/** Takes lost and altered blobs out of the ledger. Contract: cluster.md §16, "Catalog verification". */
import type { Diagnostic } from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import { inspectBlobs } from './catalog.js';
import type { LedgerDraft } from './ledger-draft.js';

/** Re-hashes every blob that the draft names; what is not intact is for the next apply to write again. */
export async function verifyCatalog(store: ObjectStore, draft: LedgerDraft): Promise<readonly Diagnostic[]> {
  const inspected = await inspectBlobs(store, draft.resources, 'run `omnigraph cluster apply` to write it again');
  for (const { address, blob } of inspected) {
    switch (blob.kind) {
      case 'intact':
        if (draft.statuses.get(address)?.conditions?.includes('payload_read_error')) {
          draft.statuses.set(address, { status: 'applied' });
        }
        break;
      case 'missing':
        drop(draft, address, 'payload_missing');
        break;
      case 'mismatch':
        drop(draft, address, 'payload_mismatch');
        break;
      case 'unreadable':
        draft.statuses.set(address, { status: 'error', conditions: ['payload_read_error'] });
        break;
      default:
        blob satisfies never;
    }
  }
  return inspected.flatMap(({ diagnostic }) => diagnostic ?? []);
}

function drop(draft: LedgerDraft, address: string, condition: string): void {
  draft.resources.delete(address);
  draft.statuses.set(address, { status: 'drifted', conditions: [condition] });
}
