/** The gate before a destructive write on a target that is not local (cli.md §8.6). */
import { Failure } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { isLocalUri } from './uri.js';

export interface DestructiveWrite {
  readonly label: string;
  readonly uri: string;
  readonly consented: boolean;
  readonly json: boolean;
}

/** Returns when the write may go ahead; throws `Failure` when it is refused or the answer is not yes. */
export async function confirmDestructiveWrite(write: DestructiveWrite, terminal: Terminal): Promise<void> {
  if (isLocalUri(write.uri) || write.consented) return;
  if (write.json || !terminal.stdinIsTty) {
    throw new Failure(`refusing destructive \`${write.label}\` on ${write.uri} without consent; pass \`--yes\``);
  }
  terminal.ask(`\`${write.label}\` is destructive on ${write.uri}. Continue? [yes/no] `);
  const answer = (await terminal.readLine()).trim().toLowerCase();
  if (answer !== 'yes' && answer !== 'y') throw new Failure('aborted');
}
