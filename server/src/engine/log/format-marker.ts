/** The object that makes a prefix a graph, read before any data (engine.md §1). */
import type { ObjectStore } from '../../storage/index.js';
import { GraphError } from '../graph-error.js';
import { JsonObject, jsonBytes } from './json-object.js';
import { FORMAT_KEY, INTERNAL_SCHEMA_VERSION } from './layout.js';

export async function writeFormatMarker(store: ObjectStore): Promise<void> {
  await store.putIfAbsent(FORMAT_KEY, jsonBytes({ internal_schema_version: INTERNAL_SCHEMA_VERSION }));
}

/** False when there is no marker. Throws a `GraphError` for a format this version cannot read. */
export async function checkFormatMarker(store: ObjectStore): Promise<boolean> {
  const bytes = await store.read(FORMAT_KEY);
  if (bytes === undefined) return false;
  const found = JsonObject.parse(store.display(FORMAT_KEY), bytes).count('internal_schema_version');
  if (found === INTERNAL_SCHEMA_VERSION) return true;
  const remedy =
    found < INTERNAL_SCHEMA_VERSION
      ? 'rebuild the graph: export it with the version that wrote it, then init and load'
      : 'upgrade this tool first';
  throw new GraphError(
    'internal',
    `${store.location} has graph format ${found}; this version reads ${INTERNAL_SCHEMA_VERSION}: ${remedy}`,
  );
}
