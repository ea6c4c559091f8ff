/**
 * The engine behind the control plane. Reading a root uses the engine's native-free part; the engine itself is loaded
 * only when a graph is really created, migrated or recovered (design invariant 4).
 */

import { SCHEMA_APPLY_KEY } from '../engine/log/index.js';
import { readGraphRoot } from '../engine/root.js';
import type { Environment } from '../storage/index.js';
import type { GraphOperations } from './graph-operations.js';

/** Rows may be written to a graph while it is migrated; a writer that never pauses must not hold apply for ever. */
const MIGRATION_ATTEMPTS = 4;

export const engineGraphs = (env: Environment): GraphOperations => ({
  async read(root) {
    const reading = await readGraphRoot(root);
    switch (reading.kind) {
      case 'absent':
        return { kind: 'absent' };
      case 'unreadable':
        return { kind: 'unreadable', message: reading.problem, cause: reading.cause };
      case 'open': {
        const { schemaSource, schema, manifestVersion, branches, entityCounts } = reading.state;
        const accepted = schema.catalog;
        return { kind: 'open', schemaText: schemaSource, accepted, manifestVersion, branches, entityCounts };
      }
      default:
        return reading satisfies never;
    }
  },

  async recover(location) {
    const { graphLocation, openGraph } = await import('../engine/index.js');
    const graph = await openGraph(graphLocation(location, env), { mode: 'write' });
    await graph.close();
  },

  clearSchemaApply: (root) => root.delete(SCHEMA_APPLY_KEY),

  async create(location, source, actor) {
    const { graphLocation, initGraph } = await import('../engine/index.js');
    const at = graphLocation(location, env);
    await initGraph(at, { schemaSource: source, actor: actor ?? null });
    const created = await readGraphRoot(at.store);
    if (created.kind !== 'open') throw new Error('the graph was created but cannot be read back');
    return created.state.manifestVersion;
  },

  async open(location) {
    const { GraphError, graphLocation, openGraph } = await import('../engine/index.js');
    const graph = await openGraph(graphLocation(location, env), { mode: 'write' });
    return {
      planSchema: (source) => graph.planSchema(source, { allowDataLoss: false }),
      async applySchema(source, actor) {
        for (let attempt = 1; ; attempt += 1) {
          try {
            const applied = await graph.applySchema(source, { actor: actor ?? null, allowDataLoss: false });
            return applied.graph_manifest_version;
          } catch (error) {
            // The head moved: nothing was changed, and the migration is planned anew on the graph as it is now.
            const isRetryable = error instanceof GraphError && error.details.read_set_conflict !== undefined;
            if (!isRetryable || attempt === MIGRATION_ATTEMPTS) throw error;
          }
        }
      },
      close: () => graph.close(),
    };
  },
});
