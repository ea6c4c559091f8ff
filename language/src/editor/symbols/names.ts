/** Which new names a symbol may take: the shape of the word, reserved words, and who else has the name already. */
import { findEdge } from '../../schema/index.js';
import type { SchemaDocument } from '../documents.js';
import { RequestRefused } from '../feature.js';
import type { Workspace } from '../workspace.js';
import type { Occurrence } from './occurrences.js';
import { type EditorSymbol, type PropertyName, propertyFamily } from './symbol.js';

const TYPE_NAME = /^[A-Z][A-Za-z0-9_]*$/;
const IDENTIFIER = /^[a-z_][A-Za-z0-9_]*$/;
const RESERVED_PROPERTIES = new Set([
  'id',
  '_rowid',
  '_rowaddr',
  '_rowoffset',
  '_row_created_at_version',
  '_row_last_updated_at_version',
]);

/** Throws `RequestRefused` with the reason when a type or property cannot take a name. */
export function refuseSchemaName(
  symbol: Extract<EditorSymbol, { readonly kind: 'type' | 'property' }>,
  newName: string,
  schema: SchemaDocument,
  occurrences: readonly Occurrence[],
): void {
  if (symbol.kind === 'type') {
    if (!TYPE_NAME.test(newName)) {
      refuse(`'${newName}' is no type name: it starts with an upper-case letter, then letters, digits and '_'`);
    }
    refuseTakenType(symbol, newName, schema);
    return;
  }
  if (!IDENTIFIER.test(newName)) {
    refuse(`'${newName}' is no property name: it starts with a lower-case letter or '_', then letters, digits and '_'`);
  }
  if (RESERVED_PROPERTIES.has(newName)) refuse(`'${newName}' is reserved for a system column`);
  if ((newName === 'true' || newName === 'false') && occurrences.some(({ argument }) => argument)) {
    refuse(`'${newName}' cannot be named in a constraint or annotation, where it is a literal`);
  }
  for (const property of propertyFamily(symbol, schema.catalog)) refuseTakenProperty(property, newName, schema);
}

/** The same for a stored query, whose name is unique in its graph (cluster.md §3.3). */
export async function refuseQueryName(file: string, newName: string, workspace: Workspace): Promise<void> {
  if (!IDENTIFIER.test(newName)) {
    refuse(`'${newName}' is no query name: it starts with a lower-case letter or '_', then letters, digits and '_'`);
  }
  const document = await workspace.load(file);
  const graph = document?.kind === 'query' && document.schema.by === 'cluster' ? document.schema : undefined;
  const siblings = graph === undefined ? [document] : await workspace.queriesOf(graph.uri);
  for (const sibling of siblings) {
    if (sibling?.kind !== 'query') continue;
    if (sibling !== document && !(sibling.schema.by === 'cluster' && sibling.schema.graph === graph?.graph)) continue;
    const taken = sibling.compiled.queries.some(({ name }) => name === newName);
    if (taken) refuse(`there is a query '${newName}' already${sibling === document ? '' : ` in ${sibling.uri}`}`);
  }
}

export function refuse(reason: string): never {
  throw new RequestRefused(reason);
}

function refuseTakenType(
  { entity, name }: Extract<EditorSymbol, { readonly kind: 'type' }>,
  newName: string,
  { catalog }: SchemaDocument,
): void {
  switch (entity) {
    case 'node':
      if (catalog.nodes.has(newName)) refuse(`there is a node '${newName}' already`);
      return;
    case 'interface':
      if (catalog.interfaces.has(newName)) refuse(`there is an interface '${newName}' already`);
      return;
    case 'edge': {
      // Queries name edges in any case, so two of them may not differ in case alone (schema-language.md §9).
      const other = findEdge(catalog, newName);
      if (other === undefined || other.name === name) return;
      refuse(
        other.name === newName
          ? `there is an edge '${newName}' already`
          : `'${newName}' and the edge '${other.name}' would differ in upper and lower case alone`,
      );
      break;
    }
    default:
      entity satisfies never;
  }
}

function refuseTakenProperty({ entity, typeName }: PropertyName, newName: string, { catalog }: SchemaDocument): void {
  if (entity === 'edge' && ['src', 'dst', 'from', 'to'].includes(newName)) {
    refuse(`on an edge '${newName}' means an endpoint`);
  }
  const types = { node: catalog.nodes, edge: catalog.edges, interface: catalog.interfaces }[entity];
  if (types.get(typeName)?.properties.has(newName)) {
    refuse(`${entity} '${typeName}' has a property '${newName}' already`);
  }
}
