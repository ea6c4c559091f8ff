/**
 * Reading and writing `__cluster/state.json`. Contract: cluster.md §7 and §8.1. The write is the publish point of every
 * command and is always compare-and-swap: nothing here can overwrite a ledger it has not read.
 */
import {
  clusterError,
  type Diagnostic,
  type Ledger,
  parseLedger,
  STATE_KEY,
  serializeLedger,
  stateCas,
} from 'omnigraph-language';
import { type ObjectStore, StorageError } from '../storage/index.js';

export type LedgerSnapshot =
  | { readonly kind: 'missing' }
  | { readonly kind: 'ledger'; readonly ledger: Ledger; readonly cas: string }
  /** There, but not usable. `replaceable`: no JSON at all, so import may rebuild it (H13). */
  | {
      readonly kind: 'invalid';
      readonly bytes: Uint8Array;
      readonly cas: string;
      readonly replaceable: boolean;
      readonly diagnostic: Diagnostic;
    }
  | { readonly kind: 'unreadable'; readonly diagnostic: Diagnostic };

export async function readLedger(store: ObjectStore): Promise<LedgerSnapshot> {
  let bytes: Uint8Array | undefined;
  try {
    bytes = await store.read(STATE_KEY);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { kind: 'unreadable', diagnostic: clusterError('state_read_error', STATE_KEY, error.message) };
  }
  if (bytes === undefined) return { kind: 'missing' };
  const cas = stateCas(bytes);
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    const diagnostic = clusterError('invalid_state_json', STATE_KEY, 'the ledger is not UTF-8 text', {
      remedy: 'run `omnigraph cluster import` to rebuild it; its bytes are kept aside',
    });
    return { kind: 'invalid', bytes, cas, replaceable: true, diagnostic };
  }
  const reading = parseLedger(text);
  switch (reading.kind) {
    case 'ledger':
      return { kind: 'ledger', ledger: reading.ledger, cas };
    case 'not_json':
      return { kind: 'invalid', bytes, cas, replaceable: true, diagnostic: reading.diagnostic };
    case 'refused':
      return { kind: 'invalid', bytes, cas, replaceable: false, diagnostic: reading.diagnostic };
    default:
      return reading satisfies never;
  }
}

/** Why a command that needs a ledger has none; `undefined` when it has one. */
export function ledgerProblem(snapshot: LedgerSnapshot): Diagnostic | undefined {
  switch (snapshot.kind) {
    case 'missing':
      return clusterError('state_missing', STATE_KEY, 'nothing has been recorded for this cluster yet', {
        remedy: 'run `omnigraph cluster import` first',
      });
    case 'ledger':
      return undefined;
    case 'invalid':
    case 'unreadable':
      return snapshot.diagnostic;
    default:
      return snapshot satisfies never;
  }
}

export type LedgerWrite =
  | { readonly kind: 'written'; readonly cas: string }
  | { readonly kind: 'failed'; readonly diagnostic: Diagnostic };

/** Publishes a ledger if storage still holds what the command read: the bytes of `expectedCas`, or nothing. */
export async function writeLedger(
  store: ObjectStore,
  ledger: Ledger,
  expectedCas: string | undefined,
): Promise<LedgerWrite> {
  const bytes = new TextEncoder().encode(serializeLedger(ledger));
  try {
    const current = await store.readVersioned(STATE_KEY);
    if ((current && stateCas(current.bytes)) !== expectedCas) return mismatch();
    const won = current
      ? (await store.putIfMatch(STATE_KEY, bytes, current.etag)) !== undefined
      : await store.putIfAbsent(STATE_KEY, bytes);
    return won ? { kind: 'written', cas: stateCas(bytes) } : mismatch();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { kind: 'failed', diagnostic: clusterError('state_write_error', STATE_KEY, error.message) };
  }
}

const mismatch = (): LedgerWrite => ({
  kind: 'failed',
  diagnostic: clusterError(
    'state_cas_mismatch',
    STATE_KEY,
    'another command changed the ledger while this one was running; nothing was recorded',
    { remedy: 'run the command again' },
  ),
});

/** The text of UTF-8 bytes with every byte kept, or `undefined` when they are none. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
