/** Policy tests in the test explorer: a file of cases each, decided as the server would decide them. */
import type { PolicyTestResult, PolicyTestResults } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import type { Extension } from '../extension.js';

const FILES = '**/*.policy.tests.{yaml,yml}';

export function policyTests({ server, log }: Extension): vscode.Disposable {
  const controller = vscode.tests.createTestController('omnigraph.policyTests', 'Omnigraph policy tests');
  const ask = (uri: vscode.Uri): Promise<PolicyTestResults> =>
    server.ask<PolicyTestResults>('omnigraph/policyTests', { uri: uri.toString() });

  const fileItem = (uri: vscode.Uri): vscode.TestItem => {
    const known = controller.items.get(uri.toString());
    if (known !== undefined) return known;
    const item = controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
    item.canResolveChildren = true;
    controller.items.add(item);
    return item;
  };

  const listCases = async (file: vscode.TestItem): Promise<PolicyTestResults> => {
    const { uri } = file;
    if (uri === undefined) throw new Error('a tests file without a URI');
    const results = await ask(uri);
    file.error = results.kind === 'undecided' ? results.reason : undefined;
    const cases = results.kind === 'results' ? results.cases : [];
    file.children.replace(
      cases.map(({ id, range }) => {
        const item = controller.createTestItem(`${uri.toString()}#${id}`, id, uri);
        item.range = new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
        return item;
      }),
    );
    return results;
  };

  const listLogged = (file: vscode.TestItem): void => {
    listCases(file).catch((error: unknown) => log.warn('policy tests could not be listed', String(error)));
  };

  controller.resolveHandler = async (item) => {
    if (item !== undefined) {
      await listCases(item);
      return;
    }
    const files = await vscode.workspace.findFiles(FILES, '**/node_modules/**', 500);
    for (const uri of files) fileItem(uri);
  };
  controller.refreshHandler = async () => controller.resolveHandler?.(undefined);

  controller.createRunProfile(
    'Run',
    vscode.TestRunProfileKind.Run,
    async (request, cancel) => {
      const run = controller.createTestRun(request);
      const wanted = request.include ?? [...controller.items].map(([, item]) => item);
      const files = new Set(wanted.map((item) => item.parent ?? item));
      const isWanted = (item: vscode.TestItem): boolean =>
        wanted.some(({ id }) => id === item.id || id === item.parent?.id) &&
        !(request.exclude ?? []).some(({ id }) => id === item.id);
      for (const file of files) {
        if (cancel.isCancellationRequested) break;
        const results = await listCases(file);
        if (results.kind === 'undecided') {
          run.errored(file, new vscode.TestMessage(results.reason));
          continue;
        }
        for (const result of results.cases) {
          const item = file.children.get(`${file.id}#${result.id}`);
          if (item !== undefined && isWanted(item)) report(run, item, result);
        }
      }
      run.end();
    },
    true,
  );

  const watcher = vscode.workspace.createFileSystemWatcher(FILES);
  return vscode.Disposable.from(
    controller,
    watcher,
    watcher.onDidCreate((uri) => listLogged(fileItem(uri))),
    watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
    vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      const file = controller.items.get(uri.toString());
      if (file !== undefined) listLogged(file);
    }),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (document.languageId === 'omnigraph-policy-tests') listLogged(fileItem(document.uri));
    }),
  );
}

function report(run: vscode.TestRun, item: vscode.TestItem, { expected, actual, message }: PolicyTestResult): void {
  run.started(item);
  if (expected === actual) {
    run.passed(item);
    return;
  }
  const failure = vscode.TestMessage.diff(message, expected, actual);
  if (item.uri !== undefined && item.range !== undefined) failure.location = new vscode.Location(item.uri, item.range);
  run.failed(item, failure);
}
