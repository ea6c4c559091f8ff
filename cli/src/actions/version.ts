import { INTERNAL_SCHEMA_VERSION } from 'omnigraph-server/engine';
import type { ExitCode } from '../failure.js';
import type { Invocation } from '../shell.js';
import { versionLine } from '../version.js';

/** `version` (cli.md §9.10): the second line is the storage format this build reads and writes. */
export async function runVersion({ terminal }: Invocation): Promise<ExitCode> {
  await terminal.print(`${versionLine()}\ninternal-schema ${INTERNAL_SCHEMA_VERSION}`);
  return 0;
}
