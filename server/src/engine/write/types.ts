import { type Catalog, type EdgeType, findEdge, type NodeType, type Property } from 'omnigraph-language';
import { GraphError } from '../graph-error.js';

/** The node type a checked statement names. A query checked against an older schema may name one that is gone. */
export function nodeType(catalog: Catalog, name: string): NodeType {
  const type = catalog.nodes.get(name);
  if (type === undefined) throw new GraphError('bad_request', `unknown node type '${name}'`);
  return type;
}

export function edgeType(catalog: Catalog, name: string): EdgeType {
  const type = findEdge(catalog, name);
  if (type === undefined) throw new GraphError('bad_request', `unknown edge type '${name}'`);
  return type;
}

export function declaredProperty(type: NodeType | EdgeType, name: string): Property {
  const property = type.properties.get(name);
  if (property === undefined) throw new GraphError('bad_request', `type ${type.name} has no property '${name}'`);
  return property;
}
