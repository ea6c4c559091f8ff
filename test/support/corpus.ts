import { cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Real clusters, kept beside the repository, never in it. `OMNIGRAPH_CORPUS` names another place. */
export const CORPUS = process.env.OMNIGRAPH_CORPUS ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

export const hasCorpus = existsSync(join(CORPUS, 'industry-intel'));

if (!hasCorpus) process.stderr.write(`corpus tests are skipped: no clusters at ${CORPUS} (set OMNIGRAPH_CORPUS)\n`);

/** A private, writable copy of one corpus cluster. */
export function copyCorpusCluster(name: 'industry-intel' | 'second-brain'): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'omnigraph-corpus-')), name);
  cpSync(join(CORPUS, name), folder, { recursive: true });
  return folder;
}
