/** A schema as a picture of its types: boxes with properties, arrows with cardinalities. */
import { type Catalog, displayType, type EdgeType, type InterfaceType, type NodeType } from '../../schema/index.js';
import type { Workspace } from '../workspace.js';
import { documentOf } from './request.js';

export interface DiagramProperty {
  readonly name: string;
  readonly type: string;
  readonly key: boolean;
}

export interface DiagramNode {
  readonly name: string;
  readonly kind: 'node' | 'interface';
  readonly implements: readonly string[];
  readonly properties: readonly DiagramProperty[];
  /** Where its name stands in the document. */
  readonly line?: number;
}

export interface DiagramEdge {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** `0..1`, `1..*`. */
  readonly cardinality: string;
  readonly properties: readonly DiagramProperty[];
  readonly line?: number;
}

export interface SchemaDiagram {
  readonly uri: string;
  readonly nodes: readonly DiagramNode[];
  /** Only those whose ends are drawn. */
  readonly edges: readonly DiagramEdge[];
}

/** `{ uri }` of a `.pg` document → its diagram, in file order; of a broken text, what could be read. */
export async function schemaDiagram(workspace: Workspace, params: unknown): Promise<SchemaDiagram> {
  const { uri, catalog } = await documentOf(workspace, params, 'schema');
  return { uri, ...diagramOf(catalog) };
}

function diagramOf({ nodes, interfaces, edges }: Catalog): Omit<SchemaDiagram, 'uri'> {
  return {
    nodes: [
      ...[...interfaces.values()].map((type) => ({ ...boxOf(type), implements: [] })),
      ...[...nodes.values()].map((type) => ({ ...boxOf(type), implements: type.implements })),
    ],
    edges: [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to)).map(arrowOf),
  };
}

const boxOf = (type: NodeType | InterfaceType): Omit<DiagramNode, 'implements'> => ({
  name: type.name,
  kind: type.kind,
  properties: propertiesOf(type),
  ...(type.range && { line: type.range.start.line }),
});

const arrowOf = (type: EdgeType): DiagramEdge => ({
  name: type.name,
  from: type.from,
  to: type.to,
  cardinality: `${type.cardinality.min}..${type.cardinality.max ?? '*'}`,
  properties: propertiesOf(type),
  ...(type.range && { line: type.range.start.line }),
});

function propertiesOf(type: NodeType | InterfaceType | EdgeType): readonly DiagramProperty[] {
  const key = new Set(type.kind === 'node' ? type.key : []);
  return [...type.properties.values()].map(({ name, type: propType }) => ({
    name,
    type: displayType(propType),
    key: key.has(name),
  }));
}
