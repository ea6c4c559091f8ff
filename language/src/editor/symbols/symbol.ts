/**
 * The names that more than one file may mention, as values. Inside a schema every name has a key, the same in the `.pg`
 * and in every `.gq` that is checked against it, so that finding all mentions is a look-up per declaration.
 */
import type { Catalog, TypeKind } from '../../schema/index.js';

/** A type by kind and name: kinds are separate name spaces (schema-language.md §9). */
interface TypeName {
  readonly entity: TypeKind;
  readonly name: string;
}

export interface PropertyName {
  readonly entity: TypeKind;
  readonly typeName: string;
  readonly name: string;
}

/** A name that a schema declares, `schema` being the URI of its file. */
export type SchemaSymbol =
  | ({ readonly kind: 'type'; readonly schema: string } & TypeName)
  | ({ readonly kind: 'property'; readonly schema: string } & PropertyName)
  | ({ readonly kind: 'enum-value'; readonly schema: string; readonly value: string } & PropertyName);

export type EditorSymbol =
  | SchemaSymbol
  /** A stored query of one `.gq` file. */
  | { readonly kind: 'query'; readonly file: string; readonly name: string }
  /** A graph of one `cluster.yaml`. */
  | { readonly kind: 'graph'; readonly cluster: string; readonly name: string };

/** Names are ASCII words, so a blank parts them. */
export const typeKey = ({ entity, name }: TypeName): string => `${entity} ${name}`;
export const propertyKey = ({ entity, typeName, name }: PropertyName): string => `${entity} ${typeName} .${name}`;
export const valueKey = (property: PropertyName, value: string): string => `${propertyKey(property)} =${value}`;

/** All keys under which a symbol of a schema is mentioned: a property of an interface is one of its nodes' as well. */
export function keysOf(symbol: SchemaSymbol, catalog: Catalog): readonly string[] {
  switch (symbol.kind) {
    case 'type':
      return [typeKey(symbol)];
    case 'property':
      return propertyFamily(symbol, catalog).map(propertyKey);
    case 'enum-value':
      return propertyFamily(symbol, catalog).map((property) => valueKey(property, symbol.value));
    default:
      return symbol satisfies never;
  }
}

/** The keys under which a symbol is declared, most specific first: an injected property by its interfaces. */
export function declaringKeys(symbol: SchemaSymbol, catalog: Catalog): readonly (readonly string[])[] {
  if (symbol.kind === 'type') return [[typeKey(symbol)]];
  const key = (property: PropertyName): string =>
    symbol.kind === 'property' ? propertyKey(property) : valueKey(property, symbol.value);
  return [[key(symbol)], relatives(symbol, catalog).map(key)];
}

/**
 * The properties that are one: that of an interface, those of the nodes that implement it (injected, or declared
 * again with the same meaning), and those of further interfaces that these satisfy (§8). The property itself first.
 */
export function propertyFamily(property: PropertyName, catalog: Catalog): readonly PropertyName[] {
  const family = new Map<string, PropertyName>();
  const waiting: PropertyName[] = [property];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const key = propertyKey(next);
    if (family.has(key)) continue;
    family.set(key, next);
    waiting.push(...relatives(next, catalog));
  }
  return [...family.values()];
}

function relatives({ entity, typeName, name }: PropertyName, catalog: Catalog): readonly PropertyName[] {
  switch (entity) {
    case 'edge':
      return [];
    case 'node': {
      const satisfied = catalog.nodes.get(typeName)?.properties.get(name)?.satisfies ?? [];
      return satisfied.map(({ owner_name, property_name }) => ({
        entity: 'interface',
        typeName: owner_name,
        name: property_name,
      }));
    }
    case 'interface':
      return [...catalog.nodes.values()]
        .filter(({ properties }) => properties.get(name)?.satisfies.some(({ owner_name }) => owner_name === typeName))
        .map((node) => ({ entity: 'node', typeName: node.name, name }));
    default:
      return entity satisfies never;
  }
}

/** As one says it: `node Person`, `Person.name`, `Person.role = lead`, `query find_person`. */
export function displaySymbol(symbol: EditorSymbol): string {
  switch (symbol.kind) {
    case 'type':
      return `${symbol.entity} ${symbol.name}`;
    case 'property':
      return `${symbol.typeName}.${symbol.name}`;
    case 'enum-value':
      return `${symbol.typeName}.${symbol.name} = ${symbol.value}`;
    case 'query':
    case 'graph':
      return `${symbol.kind} ${symbol.name}`;
    default:
      return symbol satisfies never;
  }
}
