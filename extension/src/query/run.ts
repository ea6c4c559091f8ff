/** One run of a query: by the `omnigraph` program on a store, by HTTP on a server (server.md §§10.4, 10.6). */
import type { RunnableQuery } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import { actorArgs, runnable } from '../cluster/commands.js';
import { reportText } from '../cluster/report.js';
import type { Extension } from '../extension.js';
import type { QueryOutcome } from './outcome.js';
import { type QueryTarget, tokenOf } from './target.js';

/** Runs and reads the answer. Failures are outcomes; a bug throws. */
export async function runQuery(
  query: RunnableQuery,
  paramsJson: string,
  target: QueryTarget,
  extension: Extension,
): Promise<QueryOutcome> {
  const started = performance.now();
  const answer =
    target.kind === 'store'
      ? await runOnStore(query, paramsJson, target.store, extension)
      : await runOnServer(query, paramsJson, target, extension);
  if ('failed' in answer) return { kind: 'failed', message: answer.failed };
  return read(answer.json, query, Math.round(performance.now() - started));
}

type Answer = { readonly json: string } | { readonly failed: string };

async function runOnStore(
  query: RunnableQuery,
  paramsJson: string,
  store: string,
  { programs }: Extension,
): Promise<Answer> {
  const folder = vscode.Uri.parse(query.graph?.clusterFolder ?? query.uri);
  const verb = query.mutation ? 'mutate' : 'query';
  const { exitCode, stdout, stderr } = await runnable(programs, folder).omnigraph([
    verb,
    query.name,
    ...['-e', query.source, '--params', paramsJson, '--store', store, '--json'],
    ...(query.mutation ? ['--yes', ...actorArgs()] : []),
  ]);
  return exitCode === 0 ? { json: stdout } : { failed: reportText(stderr) || reportText(stdout) };
}

async function runOnServer(
  query: RunnableQuery,
  paramsJson: string,
  target: Extract<QueryTarget, { readonly kind: 'server' }>,
  extension: Extension,
): Promise<Answer> {
  if (!vscode.workspace.isTrusted) return { failed: 'Trust this workspace first: the query goes to a server.' };
  const url = `${target.url}/graphs/${encodeURIComponent(target.graph)}/${query.mutation ? 'mutate' : 'query'}`;
  // The parameters are spliced in as text, so that integers keep every digit.
  const body = `{"query":${JSON.stringify(query.source)},"name":${JSON.stringify(query.name)},"params":${paramsJson}}`;
  const send = async (token: string | undefined): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body,
    });
  let response: Response;
  try {
    response = await send(await tokenOf(target, extension, 'remembered'));
    if (response.status === 401 && target.needsToken) response = await send(await tokenOf(target, extension, 'ask'));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { failed: `${target.url} cannot be reached: ${causeOf(error)}` };
  }
  const text = await response.text();
  return response.ok ? { json: text } : { failed: errorIn(text) ?? `${response.status} ${response.statusText}` };
}

const causeOf = (error: TypeError): string =>
  error.cause instanceof Error ? error.cause.message || error.message : error.message;

/** The server's error envelope. */
function errorIn(text: string): string | undefined {
  const parsed = objectIn(text);
  return typeof parsed?.error === 'string' ? parsed.error : undefined;
}

function read(json: string, { mutation }: RunnableQuery, milliseconds: number): QueryOutcome {
  if (mutation) return { kind: 'changed', milliseconds, json };
  const result = objectIn(json);
  if (!Array.isArray(result?.rows)) return { kind: 'failed', message: 'the answer holds no rows' };
  const most = vscode.workspace.getConfiguration('omnigraph').get<number>('results.rows', 1_000);
  const rows = result.rows.filter(isObject);
  const columns = Array.isArray(result.columns) ? result.columns.map(String) : Object.keys(rows[0] ?? {});
  return { kind: 'rows', columns, rows: rows.slice(0, most), rowCount: rows.length, milliseconds, json };
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
