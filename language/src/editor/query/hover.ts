/** Hover in `.gq`: what the name under the cursor means, with all the schema says about it. */
import type { Hover } from 'vscode-languageserver';
import { describeOperation, type Occurrence } from '../../query/index.js';
import { type Catalog, findEdge } from '../../schema/index.js';
import { declarationAt } from '../declarations.js';
import type { QueryDocument, SchemaDocument } from '../documents.js';
import type { EditorContext, Feature } from '../feature.js';
import { offsetOf, rangeOfSpan, touches } from '../positions.js';
import { describeCardinality, describeProperty, describeType } from '../schema/describe.js';
import { describeUsage, type SchemaSymbol, schemaUriOf, usageOf } from '../symbols/index.js';
import { walkedDeclaration } from './cursor.js';
import { commentAbove } from './doc-comment.js';
import { aliasType, parameterType } from './expression-type.js';
import { type NameAt, nameAt, placesOf, variableOf } from './name-at.js';
import type { TokenRole } from './place.js';
import { traversalsOf } from './traversals.js';
import {
  ENDPOINTS,
  FUNCTIONS,
  KEYWORDS,
  OPERATORS,
  PARAMETER_TYPES,
  QUERY_ANNOTATIONS,
  TEMPORAL,
} from './vocabulary.js';

export const queryHover: Feature<'query'> = (context) => ({
  'textDocument/hover': (document, { position }) => hoverAt(context, document, offsetOf(position, document.lines)),
});

async function hoverAt(context: EditorContext, document: QueryDocument, offset: number): Promise<Hover | null> {
  const found = nameAt(document, offset);
  if (found !== undefined) {
    const range = rangeOfSpan(found.occurrence.span, document.lines, found.declaration.offset);
    return { contents: markdown(await describeName(context, document, found)), range };
  }
  return queryNameHover(document, offset) ?? wordHover(document, offset);
}

const markdown = (parts: readonly (string | undefined)[]) => ({
  kind: 'markdown' as const,
  value: parts.filter((part) => part !== undefined && part !== '').join('\n\n'),
});

const code = (text: string): string => `\`\`\`omnigraph-query\n${text}\n\`\`\``;

type Parts = readonly (string | undefined)[];

async function describeName(context: EditorContext, document: QueryDocument, name: NameAt): Promise<Parts> {
  const { declaration, occurrence } = name;
  const { catalog } = document;
  switch (occurrence.kind) {
    case 'variable': {
      const variable = variableOf(declaration, occurrence);
      const typeName = variable?.typeName ?? undefined;
      const type =
        typeName && (variable?.entity === 'edge' ? catalog.edges.get(typeName) : catalog.nodes.get(typeName));
      const kind = variable?.entity === 'edge' ? 'edge variable' : 'node variable';
      const head = code(`(${kind}) $${variable?.name ?? ''}: ${typeName ?? 'unknown'}`);
      return [head, type && describeType(type, catalog)];
    }
    case 'parameter': {
      const type = parameterType(declaration, occurrence.name);
      const uses = placesOf(declaration, occurrence).filter((one) => one.kind === 'parameter' && !one.declares).length;
      const used = uses === 0 ? 'Never used.' : `Used ${uses === 1 ? 'once' : `${uses} times`}.`;
      const scalar = declaration.query?.params.find((param) => param.name === occurrence.name)?.type.scalar;
      const json = typeof scalar === 'string' ? PARAMETER_TYPES.get(scalar) : undefined;
      return [code(`(parameter) $${occurrence.name}: ${type ?? 'unknown'}`), json, used];
    }
    case 'alias': {
      const end = occurrence.span.offset + occurrence.span.length;
      const type = aliasType(occurrence.name, occurrence.declares ? occurrence.span.offset : end, {
        declaration,
        catalog,
      });
      return [code(`(column) ${occurrence.name}${type === undefined ? '' : `: ${type}`}`)];
    }
    case 'endpoint':
      return endpointParts(occurrence, catalog);
    case 'type':
    case 'property':
      return schemaParts(context, document, name, occurrence);
    default:
      return occurrence satisfies never;
  }
}

function endpointParts({ typeName, name }: Extract<Occurrence, { kind: 'endpoint' }>, catalog: Catalog): Parts {
  const edge = catalog.edges.get(typeName);
  const node = edge && (name === 'from' ? edge.from : edge.to);
  const key = node === undefined ? undefined : catalog.nodes.get(node)?.key;
  const keyed =
    key === undefined || key === null
      ? undefined
      : `\`${node}\` is keyed by ${key.map((one) => `\`${one}\``).join(', ')}.`;
  return [code(`${typeName}.${name}: id of ${node ?? 'a node'}`), ENDPOINTS.get(name), keyed];
}

async function schemaParts(
  context: EditorContext,
  document: QueryDocument,
  name: NameAt,
  occurrence: Extract<Occurrence, { kind: 'type' | 'property' }>,
): Promise<Parts> {
  const { catalog } = document;
  const owner = occurrence.kind === 'type' ? occurrence.name : occurrence.typeName;
  const type = occurrence.entity === 'node' ? catalog.nodes.get(owner) : catalog.edges.get(owner);
  if (type === undefined) return [];
  const uri = schemaUriOf(document);
  const schema = context.workspace.schemaOf(document);
  const symbol: SchemaSymbol | undefined = uri === undefined ? undefined : { ...symbolOf(occurrence), schema: uri };
  const used = symbol && describeUsage(await usageOf(symbol, context));
  if (occurrence.kind === 'type') {
    const way = occurrence.entity === 'edge' ? wayParts(name, catalog) : [];
    return [describeType(type, catalog), ...way, schema && commentOf(schema, type.range?.offset), used];
  }
  const property = type.properties.get(occurrence.name);
  if (property === undefined) return [];
  return [describeProperty(property, type), schema && commentOf(schema, property.range?.offset), used];
}

function symbolOf(occurrence: Extract<Occurrence, { kind: 'type' | 'property' }>) {
  const { entity, name } = occurrence;
  return occurrence.kind === 'type'
    ? ({ kind: 'type', entity, name } as const)
    : ({ kind: 'property', entity, typeName: occurrence.typeName, name } as const);
}

/** How this traversal goes along its edge, and to how many nodes. */
function wayParts({ declaration, occurrence }: NameAt, catalog: Catalog): Parts {
  const traversal = traversalsOf(declaration, (word) => findEdge(catalog, word)).find(
    ({ clause }) => clause.edge.span.offset === occurrence.span.offset,
  );
  const edge = traversal && findEdge(catalog, traversal.clause.edge.text);
  if (traversal === undefined || edge === undefined) return [];
  switch (traversal.direction) {
    case 'forward':
      return [`Forward: from each \`${edge.from}\` ${describeCardinality(edge.cardinality)} to \`${edge.to}\`.`];
    case 'backward':
      return [`Backward: from \`${edge.to}\` to any number of \`${edge.from}\` whose edge enters it.`];
    case 'undirected':
      return [`In both directions between \`${edge.from}\` nodes.`];
    default:
      return traversal.direction satisfies never;
  }
}

function commentOf(schema: SchemaDocument, offset: number | undefined): string | undefined {
  if (offset === undefined) return undefined;
  const before = schema.compiled.declarations.findLast((one) => one.offset + one.length <= offset);
  return commentAbove(schema, before === undefined ? 0 : before.offset + before.length, offset);
}

function queryNameHover(document: QueryDocument, offset: number): Hover | undefined {
  const declaration = declarationAt(document, offset);
  if (declaration?.syntax === undefined || !touches(declaration.syntax.name.span, offset - declaration.offset)) {
    return undefined;
  }
  const { syntax, query } = declaration;
  const before = document.compiled.declarations.findLast((one) => one.offset < declaration.offset);
  const comment = commentAbove(document, before === undefined ? 0 : before.offset + before.length, declaration.offset);
  const params = syntax.params.map(({ variable }) => {
    return `$${variable.text}: ${parameterType(declaration, variable.text) ?? '?'}`;
  });
  const operation = query && describeOperation(query, document.catalog);
  const columns =
    operation?.result.map(({ name, kind, nullable }) => `\`${name}\` ${kind}${nullable ? '?' : ''}`) ?? [];
  const touched =
    query === undefined || query.touched.length === 0
      ? undefined
      : `Touches ${query.touched.map((one) => `\`${one}\``).join(', ')}.`;
  const range = rangeOfSpan(syntax.name.span, document.lines, declaration.offset);
  const contents = markdown([
    code(`query ${syntax.name.text}(${params.join(', ')})`),
    query?.description ?? undefined,
    query?.instruction ?? undefined,
    comment,
    syntax.body.kind === 'mutation' ? 'A mutation: it writes.' : undefined,
    columns.length === 0 ? undefined : `Returns ${columns.join(', ')}.`,
    touched,
  ]);
  return { contents, range };
}

/** Keywords, functions, operators: by the role the word has where it stands. */
function wordHover(document: QueryDocument, offset: number): Hover | null {
  const declaration = declarationAt(document, offset);
  if (declaration === undefined) return null;
  const { tokens, walk } = walkedDeclaration(document, declaration);
  const at = tokens.findIndex((token) =>
    touches({ offset: token.offset, length: token.text.length }, offset - declaration.offset),
  );
  const token = tokens[at];
  const role = walk.roles[at];
  if (token === undefined || role === undefined) return null;
  const parts = wordParts(token.text, role);
  if (parts.length === 0) return null;
  const range = rangeOfSpan({ offset: token.offset, length: token.text.length }, document.lines, declaration.offset);
  return { contents: markdown(parts), range };
}

function wordParts(text: string, role: TokenRole): Parts {
  switch (role) {
    case 'keyword':
    case 'literal':
      return known(KEYWORDS.get(text)?.summary);
    case 'function': {
      const help = FUNCTIONS.get(text) ?? TEMPORAL.get(text);
      if (help === undefined) return [];
      const parameters = help.parameters.map(({ label }) => label).join(', ');
      return [
        code(`${text}(${parameters}): ${help.result}`),
        help.summary,
        help.parameters.map(({ label, help: about }) => `- \`${label}\`: ${about}`).join('\n'),
      ];
    }
    case 'operator':
      return known(OPERATORS.get(text));
    case 'annotation':
      return known(QUERY_ANNOTATIONS.get(text)?.summary);
    case 'base-type':
      return known([...PARAMETER_TYPES].find(([name]) => name === text)?.[1]);
    default:
      return [];
  }
}

const known = (text: string | undefined): Parts => (text === undefined ? [] : [text]);
