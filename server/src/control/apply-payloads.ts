/** The payload phase of apply: query and policy files into the catalog. Contract: cluster.md §12 step 10 and H1. */
import { type Change, clusterError, type Diagnostic } from 'omnigraph-language';
import { StorageError } from '../storage/index.js';
import type { ApplyRun } from './apply-run.js';
import { blobKeyOf, putBlob } from './catalog.js';
import { mapConcurrently } from './concurrently.js';
import { rereadSource } from './source-files.js';

/** Writes the blob of every query or policy to be applied. Resolves to whether all are in place; errors are reported. */
export async function writePayloads(run: ApplyRun): Promise<boolean> {
  const due = run.changes.filter(({ disposition, operation }) => disposition === 'applied' && operation !== 'delete');
  const problems = (await mapConcurrently(due, (change) => writePayload(run, change))).flatMap((found) => found ?? []);
  run.diagnostics.push(...problems);
  return problems.length === 0;
}

async function writePayload(run: ApplyRun, { resource }: Change): Promise<Diagnostic | undefined> {
  const declared = run.desired.resources.get(resource);
  const key = declared && blobKeyOf(resource, declared.digest);
  if (declared?.path === undefined || key === undefined) return undefined;
  const failed = (message: string, remedy: string): Diagnostic =>
    clusterError('resource_payload_write_error', resource, message, { remedy });
  const source = await rereadSource(run.folder, declared.path, declared.digest);
  if (source.kind === 'changed') {
    return clusterError('resource_content_changed', resource, `${declared.path} changed while apply was running`, {
      remedy: 'run `omnigraph cluster apply` again',
    });
  }
  if (source.kind === 'unreadable') {
    return failed(`${declared.path} cannot be read: ${source.message}`, 'make the file readable, then apply again');
  }
  try {
    await putBlob(run.store, key, new TextEncoder().encode(source.text), declared.digest);
    return undefined;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return failed(error.message, 'make the storage root writable, then apply again');
  }
}
