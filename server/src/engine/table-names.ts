/** Paths of tables: identity in numbers, and the commit that made them. */
import type { EdgeType, NodeType } from 'omnigraph-language';
import { boundIds } from './pinned-snapshot.js';

/**
 * A rename keeps the path, drop and re-add gets another. The commit id makes it new even where an apply or init that
 * died before its commit had minted the same numbers: its leftovers are never mistaken for this table.
 */
export function newTablePath(type: NodeType | EdgeType, commitId: string): string {
  const { typeId, incarnation } = boundIds(type);
  return `${type.kind}s/${typeId}-${incarnation}-${commitId}.lance`;
}

export const typeKeyOf = (type: NodeType | EdgeType): `node:${string}` | `edge:${string}` =>
  `${type.kind}:${type.name}`;
