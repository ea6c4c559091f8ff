import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';

/**
 * A folder made once a test file and copied for every test: graphs and clusters are plain files, and copying them is
 * much quicker than making them again.
 */
export function copiesOf(make: (folder: string) => Promise<void>): () => Promise<string> {
  let original: Promise<string> | undefined;
  const makeOriginal = async (): Promise<string> => {
    const folder = await mkdtemp(path.join(tmpdir(), 'omnigraph-original-'));
    afterAllRemoved.push(folder);
    await make(folder);
    return folder;
  };
  return async () => {
    original ??= makeOriginal();
    const folder = await temporaryFolder();
    await cp(await original, folder, { recursive: true });
    return folder;
  };
}

const afterAllRemoved: string[] = [];
afterAll(() => Promise.all(afterAllRemoved.map((folder) => rm(folder, { recursive: true, force: true }))));
