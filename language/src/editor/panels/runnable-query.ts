/**
 * What an editor needs to run one query of a document: its parameters for a form, where its graph is stored, and how
 * the columns of its result make a picture of nodes and links.
 */
import { graphRootKey } from '../../cluster/index.js';
import { describeQuery, type Expr, type ParamDescriptor, type ReadPlan } from '../../query/index.js';
import { displayType } from '../../schema/index.js';
import type { QueryDocument } from '../documents.js';
import { RequestRefused } from '../feature.js';
import type { Workspace } from '../workspace.js';
import { documentOf, textMember } from './request.js';

export interface RunnableParam extends ParamDescriptor {
  /** As declared: `String?`, `[I32]`. */
  readonly type: string;
}

/** A variable of the query, drawn as one node per row. `column` is absent when the query returns nothing of it. */
export interface PictureColumn {
  readonly variable: string;
  readonly typeName: string;
  readonly columns: readonly string[];
}

export interface PictureLink {
  readonly from: string;
  readonly to: string;
  readonly edge: string;
  readonly directed: boolean;
}

export interface RunnableQuery {
  readonly uri: string;
  readonly name: string;
  readonly mutation: boolean;
  readonly description?: string;
  readonly params: readonly RunnableParam[];
  /** The document's text as it is now, unsaved edits included. */
  readonly source: string;
  /** Of a query that a cluster declares. */
  readonly graph?: {
    readonly id: string;
    /** URI of the folder with `cluster.yaml`. */
    readonly clusterFolder: string;
    /** As declared: a path, `file://…` or `s3://…`; absent: the folder itself. */
    readonly storage?: string;
    /** Below the storage root. */
    readonly key: string;
  };
  readonly picture: { readonly nodes: readonly PictureColumn[]; readonly links: readonly PictureLink[] };
}

/** `{ uri, name }` → the query. Refused, with its first error, when it could not run. */
export async function runnableQuery(workspace: Workspace, params: unknown): Promise<RunnableQuery> {
  const document = await documentOf(workspace, params, 'query');
  const name = textMember(params, 'name');
  const query = document.compiled.queries.find((candidate) => candidate.name === name);
  if (query === undefined) throw new RequestRefused(`there is no query '${name}' in this document`);
  if (document.schema.by === 'none') {
    throw new RequestRefused(`'${name}' has no schema: put a .pg file beside it or name it in cluster.yaml`);
  }
  if (query.plan === undefined) throw new RequestRefused(`'${name}' has errors: ${firstError(document, name)}`);
  const { mutation, description, params: described } = describeQuery(query);
  return {
    uri: document.uri,
    name,
    mutation,
    ...(description !== undefined && { description }),
    params: described.map((param, at) => ({
      ...param,
      type: query.params[at] === undefined ? param.kind : displayType(query.params[at].type),
    })),
    source: document.text,
    ...graphOf(document),
    picture: query.plan.kind === 'read' ? pictureOf(query.plan) : { nodes: [], links: [] },
  };
}

function firstError(document: QueryDocument, name: string): string {
  const { queries, diagnostics } = document.compiled;
  const query = queries.find((candidate) => candidate.name === name);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const own = errors.find(
    ({ range }) =>
      query !== undefined &&
      range !== undefined &&
      range.offset >= query.range.offset &&
      range.offset <= query.range.offset + query.range.length,
  );
  return (own ?? errors[0])?.message ?? 'it does not compile';
}

function graphOf({ schema }: QueryDocument): Pick<RunnableQuery, 'graph'> {
  if (schema.by !== 'cluster') return {};
  const storage = schema.cluster.config?.storage?.value;
  return {
    graph: {
      id: schema.graph,
      clusterFolder: schema.cluster.folder,
      ...(storage !== undefined && { storage }),
      key: graphRootKey(schema.graph),
    },
  };
}

/** Variables that the query returns something of, and the traversals that join them. */
function pictureOf({ match, items }: ReadPlan): RunnableQuery['picture'] {
  const columns = new Map<string, string[]>();
  for (const { expr, column } of items) {
    const variable = variableOf(expr);
    if (variable === undefined) continue;
    const known = columns.get(variable);
    if (known === undefined) columns.set(variable, [column]);
    else known.push(column);
  }
  const nodes = match.variables.flatMap(({ name, entity, typeName }) => {
    const own = columns.get(name);
    return entity === 'edge' ||
      (own === undefined && !match.traversals.some(({ from, to }) => from === name || to === name))
      ? []
      : [{ variable: name, typeName, columns: own ?? [] }];
  });
  const links = match.traversals.map(({ from, to, edge, direction }) => ({
    from: direction === 'backward' ? to : from,
    to: direction === 'backward' ? from : to,
    edge,
    directed: direction !== 'undirected',
  }));
  return { nodes, links };
}

const variableOf = (expr: Expr): string | undefined =>
  expr.kind === 'property' || expr.kind === 'variable' ? expr.variable : undefined;
