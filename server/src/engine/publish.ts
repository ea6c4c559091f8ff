/** Making the next commit: its record, and the one step that makes it visible. */
import type { CommitLog, CommitRecord } from './log/index.js';
import type { Commit } from './types.js';

export interface NextCommit {
  readonly id: string;
  readonly actor: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The commit after `head` on the same branch (`branch` null: main). */
export const commitAfter = (head: CommitRecord, branch: string | null, next: NextCommit): Commit => ({
  graph_commit_id: next.id,
  graph_branch: branch,
  graph_manifest_version: head.commit.graph_manifest_version + 1,
  parent_commit_id: head.commit.graph_commit_id,
  merged_parent_commit_id: null,
  actor_id: next.actor,
  created_at: next.now * 1000,
});

/**
 * Publishes a record. False: another writer was first, and nothing of this one is visible. A hint that could not be
 * left costs the next opening some probes and is told to `warn`; the commit stands.
 */
export async function publish(log: CommitLog, record: CommitRecord, warn: (message: string) => void): Promise<boolean> {
  if (!(await log.append(record))) return false;
  if (log.hintIsDue()) {
    await log.writeHint().catch((error: unknown) => {
      warn(`the head hint could not be written: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
  return true;
}
