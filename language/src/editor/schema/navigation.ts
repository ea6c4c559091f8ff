/** Where a name of a schema leads: to its declaration, to the types behind it, to the nodes that implement it. */
import type { Location } from 'vscode-languageserver';
import type { SchemaDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { locationOf, offsetOf } from '../positions.js';
import {
  definitionsAt,
  type EditorSymbol,
  prepareRenameAt,
  referencesAt,
  renameAt,
  symbolAt,
} from '../symbols/index.js';
import type { AnyType } from './describe.js';
import { typeNamed } from './hover.js';

export const schemaDefinition: Feature<'schema'> = (context) => ({
  'textDocument/definition': (document, { position }) => definitionsAt(context, document, position),
  'textDocument/typeDefinition': (document, { position }) => {
    const found = symbolAt(document, offsetOf(position, document.lines));
    return found === undefined ? null : typesBehind(found.symbol, document);
  },
  'textDocument/implementation': (document, { position }) => {
    const found = symbolAt(document, offsetOf(position, document.lines));
    return found === undefined ? null : implementations(found.symbol, document);
  },
});

export const schemaReferences: Feature<'schema'> = (context) => ({
  'textDocument/references': (document, params) => referencesAt(context, document, params),
});

export const schemaRename: Feature<'schema'> = (context) => ({
  'textDocument/prepareRename': (document, { position }) => prepareRenameAt(document, position),
  'textDocument/rename': (document, { position, newName }) => renameAt(context, document, position, newName),
});

/** An edge leads to the nodes at its ends, a property to the interfaces it comes from, else to its own type. */
function typesBehind(symbol: EditorSymbol, document: SchemaDocument): readonly Location[] | null {
  const { catalog } = document;
  switch (symbol.kind) {
    case 'type': {
      const type = typeNamed(catalog, symbol.entity, symbol.name);
      const ends = type?.kind === 'edge' ? [...new Set([type.from, type.to])] : [];
      return placesOf(type?.kind === 'edge' ? ends.map((name) => catalog.nodes.get(name)) : [type], document);
    }
    case 'property':
    case 'enum-value': {
      const owner = typeNamed(catalog, symbol.entity, symbol.typeName);
      const origins = owner?.properties.get(symbol.name)?.satisfies ?? [];
      const interfaces = origins.map(({ owner_name }) => catalog.interfaces.get(owner_name));
      return placesOf(interfaces.length > 0 ? interfaces : [owner], document);
    }
    case 'query':
    case 'graph':
      return null;
    default:
      return symbol satisfies never;
  }
}

/** The nodes that implement an interface; those that have a property of it. */
function implementations(symbol: EditorSymbol, document: SchemaDocument): readonly Location[] | null {
  if (symbol.kind === 'query' || symbol.kind === 'graph' || symbol.entity !== 'interface') return null;
  const name = symbol.kind === 'type' ? symbol.name : symbol.typeName;
  const nodes = implementersOf(name, document);
  if (symbol.kind === 'type') return placesOf(nodes, document);
  return nodes.flatMap((node) => {
    const own = node.properties.get(symbol.name)?.range ?? node.range;
    return own === undefined ? [] : [locationOf(document.uri, own)];
  });
}

export const implementersOf = (name: string, { catalog }: SchemaDocument) =>
  [...catalog.nodes.values()].filter((node) => node.implements.includes(name));

const placesOf = (types: readonly (AnyType | undefined)[], { uri }: SchemaDocument): readonly Location[] =>
  types.flatMap((type) => (type?.range === undefined ? [] : [locationOf(uri, type.range)]));
