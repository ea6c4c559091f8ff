/**
 * How many rows a change concerns, before anything runs: beyond upstream, beside the migration of a schema update and
 * for a graph that would be deleted. The counts come from the head record of the graph's branch `main`, so a plan
 * reads no table for them. Pure; beyond cluster.md §11.
 */
import type { MigrationStep, TypeKind } from '../schema/index.js';

interface TypeImpact {
  readonly type_kind: Exclude<TypeKind, 'interface'>;
  /** As the live graph names it. */
  readonly type_name: string;
  readonly rows: number;
}

export interface DataImpact {
  /** Rows of all types below together. */
  readonly rows: number;
  /** Nodes before edges, then by name. Types without a row are listed too. */
  readonly types: readonly TypeImpact[];
  /** Aligned with the steps of the migration; absent for a delete. */
  readonly steps?: readonly number[];
}

/** Exact counts of a live graph, by type key: `node:Vessel`, `edge:Calls`. */
export type EntityCounts = ReadonlyMap<string, number>;

/** The rows of every type that a migration touches. A type that it adds has none yet. */
export function migrationImpact(steps: readonly MigrationStep[], counts: EntityCounts): DataImpact {
  const formerNames = new Map(
    steps.flatMap((step) => (step.kind === 'rename_type' ? [[`${step.type_kind}:${step.to}`, step.from]] : [])),
  );
  const added = new Set(steps.flatMap((step) => (step.kind === 'add_type' ? [`${step.type_kind}:${step.name}`] : [])));
  const keys = steps.map((step) => liveTypeOf(step, formerNames, added));
  return {
    ...sumOf(new Set(keys.flatMap((key) => key ?? [])), counts),
    steps: keys.map((key) => (key === undefined ? 0 : (counts.get(key) ?? 0))),
  };
}

/** Everything that goes with a graph's root. */
export const deletionImpact = (counts: EntityCounts): DataImpact => sumOf(new Set(counts.keys()), counts);

/** The key of the live type that a step is about, when there is one. */
function liveTypeOf(
  step: MigrationStep,
  formerNames: ReadonlyMap<string, string | undefined>,
  added: ReadonlySet<string>,
): string | undefined {
  switch (step.kind) {
    case 'add_type':
      return undefined;
    case 'unsupported_change':
      // `node:Vessel` or `node:Vessel.name`; of anything else nothing is counted.
      return step.entity.split('.', 1)[0];
    case 'rename_type':
      return `${step.type_kind}:${step.from}`;
    case 'drop_type':
      return `${step.type_kind}:${step.name}`;
    case 'update_type_metadata':
      return live(step.type_kind, step.name);
    case 'add_property':
    case 'rename_property':
    case 'add_constraint':
    case 'extend_enum':
    case 'update_property_metadata':
    case 'drop_property':
      return live(step.type_kind, step.type_name);
    default:
      return step satisfies never;
  }

  function live(kind: TypeKind, name: string): string | undefined {
    const key = `${kind}:${name}`;
    return added.has(key) ? undefined : `${kind}:${formerNames.get(key) ?? name}`;
  }
}

function sumOf(keys: ReadonlySet<string>, counts: EntityCounts): DataImpact {
  const types = [...keys].flatMap((key): readonly TypeImpact[] => {
    const rows = counts.get(key);
    const [kind, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    // Interfaces have no rows of their own, and a dropped type may be gone already.
    return rows === undefined || (kind !== 'node' && kind !== 'edge')
      ? []
      : [{ type_kind: kind, type_name: name, rows }];
  });
  return { rows: types.reduce((sum, { rows }) => sum + rows, 0), types: types.sort(byKindAndName) };
}

const byKindAndName = (left: TypeImpact, right: TypeImpact): number =>
  left.type_kind === right.type_kind ? (left.type_name < right.type_name ? -1 : 1) : left.type_kind === 'node' ? -1 : 1;
