/** Types and properties as Markdown: the same text for hovers and for the documentation of completion items. */
import {
  type Annotation,
  type Cardinality,
  type Catalog,
  displayConstraint,
  displayType,
  type EdgeType,
  type InterfaceType,
  type NodeType,
  type Property,
} from '../../schema/index.js';

export type AnyType = NodeType | EdgeType | InterfaceType;

/** Its declaration in short, its description, its key and constraints, and what it is tied to. */
export function describeType(type: AnyType, catalog: Catalog): string {
  const parts = [code(headOf(type)), ...descriptionOf(type.kind === 'interface' ? [] : type.annotations)];
  switch (type.kind) {
    case 'node':
      parts.push(...facts([keyOf(type), implementedBy(type), constraintsOf(type), edgesOf(type, catalog)]));
      break;
    case 'edge':
      parts.push(...facts([cardinalityOf(type), constraintsOf(type)]));
      break;
    case 'interface':
      parts.push(...facts([implementersOf(type, catalog)]));
      break;
    default:
      return type satisfies never;
  }
  parts.push(...propertyTable(type));
  return parts.join('\n\n');
}

/** Type, nullability, key, constraints, embedding and origin of one property. */
export function describeProperty(property: Property, owner: AnyType): string {
  const { name, type, annotations, embed, declaredDirectly, satisfies } = property;
  const nullability = type.nullable ? 'May be null.' : 'Required.';
  const roles = owner.kind === 'interface' ? property.flags.map((flag) => `\`@${flag}\``) : rolesOf(name, owner);
  const source =
    embed === null
      ? undefined
      : `Filled with the embedding of \`${embed.property_name}\`${embed.model === null ? '' : ` by \`${embed.model}\``}.`;
  const names = satisfies.map(({ owner_name }) => `\`${owner_name}\``).join(', ');
  const origin =
    satisfies.length === 0 ? undefined : `${declaredDirectly ? 'Declared again from' : 'From'} interface ${names}.`;
  const constraints = roles.length === 0 ? undefined : `Constraints: ${roles.join(', ')}.`;
  return [
    code(`${owner.name}.${name}: ${displayType(type)}`),
    ...descriptionOf(annotations),
    ...facts([nullability, constraints, source, origin]),
  ].join('\n\n');
}

/** `from 0 to 1`, `any number`. */
export function describeCardinality({ min, max }: Cardinality): string {
  if (max === null) return min === 0 ? 'any number' : `at least ${min}`;
  if (min === max) return `exactly ${min}`;
  return min === 0 ? `at most ${max}` : `${min} to ${max}`;
}

/** One line for a list of choices: `Person → Company`, `slug, name, …`. */
export function outline(type: AnyType): string {
  if (type.kind === 'edge') return `${type.from} → ${type.to}`;
  const names = [...type.properties.keys()];
  return names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', ');
}

export const code = (text: string): string => `\`\`\`omnigraph-schema\n${text}\n\`\`\``;

function headOf(type: AnyType): string {
  switch (type.kind) {
    case 'node':
      return `node ${type.name}${type.implements.length === 0 ? '' : ` implements ${type.implements.join(', ')}`}`;
    case 'edge': {
      const { min, max } = type.cardinality;
      const card = min === 0 && max === null ? '' : ` @card(${min}..${max ?? ''})`;
      return `edge ${type.name}: ${type.from} -> ${type.to}${card}`;
    }
    case 'interface':
      return `interface ${type.name}`;
    default:
      return type satisfies never;
  }
}

function descriptionOf(annotations: readonly Annotation[]): readonly string[] {
  return ['description', 'instruction'].flatMap((name) =>
    annotations.flatMap((annotation) =>
      annotation.name === name && annotation.value !== null ? [annotation.value] : [],
    ),
  );
}

const facts = (lines: readonly (string | undefined)[]): readonly string[] => {
  const known = lines.filter((line) => line !== undefined && line !== '');
  return known.length === 0 ? [] : [known.join('  \n')];
};

const keyOf = ({ key }: NodeType): string =>
  key === null ? 'No key: its ids are random.' : `Key: ${key.map((name) => `\`${name}\``).join(', ')}.`;

const implementedBy = ({ implements: names }: NodeType): string | undefined =>
  names.length === 0 ? undefined : `Implements ${names.map((name) => `\`${name}\``).join(', ')}.`;

function implementersOf({ name }: InterfaceType, { nodes }: Catalog): string {
  const names = [...nodes.values()].filter((node) => node.implements.includes(name)).map((node) => `\`${node.name}\``);
  return names.length === 0 ? 'No node implements it.' : `Implemented by ${names.join(', ')}.`;
}

function constraintsOf(type: NodeType | EdgeType): string | undefined {
  const shown = type.constraints.filter((constraint) => !('Key' in constraint)).map(displayConstraint);
  return shown.length === 0 ? undefined : `Constraints: ${shown.map((text) => `\`${text}\``).join(', ')}.`;
}

function edgesOf({ name }: NodeType, { edges }: Catalog): string | undefined {
  const tied = [...edges.values()].filter(({ from, to }) => from === name || to === name);
  if (tied.length === 0) return undefined;
  const shown = tied.slice(0, SHOWN_EDGES).map((edge) => {
    const leaves = edge.from === name;
    return leaves ? `\`${edge.name}\` → ${edge.to}` : `\`${edge.name}\` ← ${edge.from}`;
  });
  return `Edges: ${shown.join(', ')}${tied.length > SHOWN_EDGES ? `, … (${tied.length})` : ''}.`;
}

const SHOWN_EDGES = 8;
const SHOWN_PROPERTIES = 12;

const cardinalityOf = ({ from, to, cardinality }: EdgeType): string =>
  `From each \`${from}\` ${describeCardinality(cardinality)} to \`${to}\`.`;

function rolesOf(name: string, { constraints }: NodeType | EdgeType): readonly string[] {
  return constraints
    .filter((constraint) => columnsOf(constraint).includes(name))
    .map((constraint) => `\`${displayConstraint(constraint)}\``);
}

function columnsOf(constraint: NodeType['constraints'][number]): readonly string[] {
  if ('Key' in constraint) return constraint.Key;
  if ('Unique' in constraint) return constraint.Unique;
  if ('Index' in constraint) return constraint.Index;
  return ['Range' in constraint ? constraint.Range.property : constraint.Check.property];
}

function propertyTable({ properties }: AnyType): readonly string[] {
  if (properties.size === 0) return [];
  const rows = [...properties.values()]
    .slice(0, SHOWN_PROPERTIES)
    .map(({ name, type }) => `- \`${name}: ${displayType(type)}\``);
  return [[...rows, ...(properties.size > SHOWN_PROPERTIES ? [`- … (${properties.size})`] : [])].join('\n')];
}
