/** The payload phase of apply: query and policy files into the catalog. Contract: cluster.md §12 step 10 and H1. */
import { clusterError } from 'omnigraph-language';
import { StorageError } from '../storage/index.js';
import type { ApplyRun } from './apply-run.js';
import { blobKeyOf, putBlob } from './catalog.js';
import { rereadSource } from './source-files.js';

/** Writes the blob of every query or policy to be applied. Resolves to whether all are in place; errors are reported. */
export async function writePayloads(run: ApplyRun): Promise<boolean> {
  let complete = true;
  const failed = (code: string, address: string, message: string, remedy: string): void => {
    run.diagnostics.push(clusterError(code, address, message, { remedy }));
    complete = false;
  };
  for (const { resource, operation, disposition } of run.changes) {
    const declared = run.desired.resources.get(resource);
    const key = declared && blobKeyOf(resource, declared.digest);
    if (disposition !== 'applied' || operation === 'delete' || declared?.path === undefined || key === undefined)
      continue;
    const source = await rereadSource(run.folder, declared.path, declared.digest);
    if (source.kind === 'changed') {
      const message = `${declared.path} changed while apply was running`;
      failed('resource_content_changed', resource, message, 'run `omnigraph cluster apply` again');
    } else if (source.kind === 'unreadable') {
      const message = `${declared.path} cannot be read: ${source.message}`;
      failed('resource_payload_write_error', resource, message, 'make the file readable, then apply again');
    } else {
      try {
        await putBlob(run.store, key, new TextEncoder().encode(source.text), declared.digest);
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        failed(
          'resource_payload_write_error',
          resource,
          error.message,
          'make the storage root writable, then apply again',
        );
      }
    }
  }
  return complete;
}
