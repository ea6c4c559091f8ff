/** Re-hashes every blob that the ledger names. Contract: cluster.md §16, "Catalog verification". */
import { clusterError, clusterWarning, type Diagnostic } from 'omnigraph-language';
import type { ObjectStore } from '../storage/index.js';
import { blobKeyOf, readBlob } from './catalog.js';
import type { LedgerDraft } from './ledger-draft.js';

/** Takes lost and altered blobs out of the draft, so that the next apply writes them again. */
export async function verifyCatalog(store: ObjectStore, draft: LedgerDraft): Promise<readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  for (const [address, { digest }] of [...draft.resources]) {
    const key = blobKeyOf(address, digest);
    if (key === undefined) continue;
    const blob = await readBlob(store, key, digest);
    switch (blob.kind) {
      case 'intact':
        if (draft.statuses.get(address)?.conditions?.includes('payload_read_error')) {
          draft.statuses.set(address, { status: 'applied' });
        }
        break;
      case 'missing':
        drop(draft, address, 'payload_missing');
        diagnostics.push(
          clusterWarning('catalog_payload_missing', address, `${store.display(key)} is missing`, RESTORE),
        );
        break;
      case 'mismatch':
        drop(draft, address, 'payload_mismatch');
        diagnostics.push(
          clusterWarning(
            'catalog_payload_mismatch',
            address,
            `${store.display(key)} has digest sha256:${blob.actual}`,
            RESTORE,
          ),
        );
        break;
      case 'unreadable':
        draft.statuses.set(address, { status: 'error', conditions: ['payload_read_error'] });
        diagnostics.push(clusterError('catalog_payload_read_error', address, blob.message));
        break;
      default:
        blob satisfies never;
    }
  }
  return diagnostics;
}

const RESTORE = { remedy: 'run `omnigraph cluster apply` to write it again' };

function drop(draft: LedgerDraft, address: string, condition: string): void {
  draft.resources.delete(address);
  draft.statuses.set(address, { status: 'drifted', conditions: [condition] });
}
