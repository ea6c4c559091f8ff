/**
 * **Run Query**: asks for the parameters (remembered per query), runs the text as it is now against a local store or a
 * server, and shows the result as a table, as JSON or as a picture of nodes and links.
 */
import type { QueryPlace, RunnableQuery } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import type { Extension } from '../extension.js';
import { createPanel } from '../panels/panel.js';
import { saveFile } from '../panels/save-file.js';
import { CommandRefused } from '../registry.js';
import type { QueryOutcome, ResultMessage } from './outcome.js';
import { type FormValues, formValues, jsonOfValues } from './parameters.js';
import { runQuery } from './run.js';
import { chooseTarget, type QueryTarget, targetLabel } from './target.js';

type Said =
  | { readonly type: 'run'; readonly values: FormValues }
  | { readonly type: 'target' }
  | { readonly type: 'save'; readonly format: 'json' | 'csv'; readonly content: string };

interface Shown {
  readonly uri: string;
  readonly name: string;
  readonly target: QueryTarget;
}

export function runQueryCommand(extension: Extension): vscode.Disposable {
  const { context, commands, server } = extension;
  let shown: Shown | undefined;
  const panel = createPanel<ResultMessage, Said>(
    context,
    { viewType: 'omnigraph.result', script: 'result', icon: 'query-dark.svg' },
    (said) => {
      act(said).catch((error: unknown) => commands.explain(error, 'result panel'));
    },
  );

  async function act(said: Said): Promise<void> {
    switch (said.type) {
      case 'run':
        if (shown !== undefined) await showRun(shown, said.values);
        return;
      case 'target': {
        if (shown === undefined) return;
        const query = await queryOf(shown.uri, shown.name);
        await showRun({ ...shown, target: await chooseTarget(query, extension, 'ask') }, remembered(query));
        return;
      }
      case 'save':
        await saveFile(
          `${shown?.name ?? 'result'}.${said.format}`,
          { [said.format]: [said.format] },
          encode(said.content),
        );
        return;
      default:
        said satisfies never;
    }
  }

  const queryOf = (uri: string, name: string): Promise<RunnableQuery> =>
    server.ask<RunnableQuery>('omnigraph/runnableQuery', { uri, name });
  const memoryKey = ({ uri, name }: RunnableQuery): string => `params:${uri}#${name}`;
  const remembered = (query: RunnableQuery): FormValues =>
    formValues(query, context.workspaceState.get<FormValues>(memoryKey(query), {}));

  async function showRun(next: Shown, values: FormValues): Promise<void> {
    const query = await queryOf(next.uri, next.name);
    shown = next;
    await context.workspaceState.update(memoryKey(query), values);
    const outcome = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: `Running ${query.name}` },
      () => outcomeOf(query, values, next.target),
    );
    panel.show(`Result: ${query.name}`, { query, values, target: targetLabel(next.target), outcome });
  }

  /** What is wrong with a run belongs into the panel, beside the form that can put it right. */
  async function outcomeOf(query: RunnableQuery, values: FormValues, target: QueryTarget): Promise<QueryOutcome> {
    const params = jsonOfValues(query, values);
    if ('problem' in params) return { kind: 'failed', message: params.problem };
    if (query.mutation && !(await confirmed(query, target)))
      return { kind: 'failed', message: 'The mutation was not run.' };
    try {
      return await runQuery(query, params.json, target, extension);
    } catch (error) {
      if (error instanceof CommandRefused) return { kind: 'failed', message: error.message };
      throw error;
    }
  }

  return vscode.Disposable.from(
    panel,
    commands.register('omnigraph.runQuery', async (uriArgument, nameArgument) => {
      const { uri, name } = await chosenQuery(uriArgument, nameArgument);
      const query = await queryOf(uri, name);
      const target = await chooseTarget(query, extension, 'default');
      const values = remembered(query);
      const waits = query.params.some((param) => !param.nullable && (values[param.name] ?? '') === '');
      if (waits || query.mutation) {
        shown = { uri, name, target };
        panel.show(`Run: ${name}`, { query, values, target: targetLabel(target), outcome: { kind: 'form' } });
        return;
      }
      await showRun({ uri, name, target }, values);
    }),
  );

  /** Of the lens that was clicked, else the query around the cursor, else the one the user picks. */
  async function chosenQuery(uri: unknown, name: unknown): Promise<{ readonly uri: string; readonly name: string }> {
    if (typeof uri === 'string' && typeof name === 'string') return { uri, name };
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.languageId !== 'omnigraph-query') throw new CommandRefused('Open a .gq file first.');
    const where = editor.document.uri.toString();
    const queries = await server.ask<readonly QueryPlace[]>('omnigraph/queries', { uri: where });
    const line = editor.selection.active.line;
    const around = queries.find(({ firstLine, lastLine }) => firstLine <= line && line <= lastLine);
    const picked =
      around?.name ??
      (await vscode.window.showQuickPick(
        queries.map((query) => query.name),
        { title: 'Run which query?' },
      ));
    if (picked === undefined) throw new vscode.CancellationError();
    return { uri: where, name: picked };
  }
}

async function confirmed({ name }: RunnableQuery, target: QueryTarget): Promise<boolean> {
  const answer = await vscode.window.showWarningMessage(
    `Run the mutation ${name}?`,
    { modal: true, detail: `It writes to ${targetLabel(target)}.` },
    'Run',
  );
  return answer === 'Run';
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
