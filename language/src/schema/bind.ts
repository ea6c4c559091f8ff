/** Unbound catalog + identities → bound catalog: ids set, properties by name, keys in ascending property id order. */
import { constraintViews } from './build-catalog.js';
import type { Catalog, Property } from './catalog.js';
import { boundId, type Identities, type SchemaType, typeKey } from './identity.js';
import { byName } from './shape.js';

/** §10: the runtime form. Throws when an identity is missing, which only a bug can cause. */
export function bindCatalog(catalog: Catalog, identities: Identities): Catalog {
  return {
    ...catalog,
    interfaces: mapValues(catalog.interfaces, (type) => ({ ...type, ...bound(type, identities) })),
    nodes: mapValues(catalog.nodes, (type) => {
      const { key } = constraintViews(type.constraints);
      const ids = identities.properties.get(typeKey(type));
      const position = (name: string): number => ids?.get(name) ?? 0;
      return {
        ...type,
        ...bound(type, identities),
        key: key === null ? null : [...key].sort((left, right) => position(left) - position(right)),
        tableIncarnationId: incarnation(type, identities),
      };
    }),
    edges: mapValues(catalog.edges, (type) => ({
      ...type,
      ...bound(type, identities),
      tableIncarnationId: incarnation(type, identities),
    })),
  };
}

function bound(
  type: SchemaType,
  identities: Identities,
): { readonly typeId: number; readonly properties: ReadonlyMap<string, Property> } {
  const key = typeKey(type);
  const ids = identities.properties.get(key);
  const properties = byName(type.properties).map((property): readonly [string, Property] => [
    property.name,
    { ...property, propertyId: boundId(ids?.get(property.name), `${key}.${property.name}`) },
  ]);
  return { typeId: boundId(identities.types.get(key), key), properties: new Map(properties) };
}

const incarnation = (type: SchemaType, identities: Identities): number =>
  boundId(identities.incarnations.get(typeKey(type)), `the table of ${typeKey(type)}`);

function mapValues<T extends { readonly name: string }>(
  values: ReadonlyMap<string, T>,
  change: (value: T) => T,
): ReadonlyMap<string, T> {
  return new Map(byName(values).map((value) => [value.name, change(value)]));
}
