/** Who may do what: the effective matrix of a policy, by actor, action and kind of branch. */
import type { PolicyMatrix } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import { uriOf } from '../cluster/model.js';
import type { Extension } from '../extension.js';
import { createPanel } from '../panels/panel.js';
import { CommandRefused } from '../registry.js';

export function matrixPanel({ context, commands, server, log }: Extension): vscode.Disposable {
  let shown: vscode.Uri | undefined;
  const panel = createPanel<PolicyMatrix, never>(
    context,
    { viewType: 'omnigraph.matrix', script: 'matrix', icon: 'policy-dark.svg' },
    () => {},
  );
  const ask = (uri: vscode.Uri): Promise<PolicyMatrix> =>
    server.ask<PolicyMatrix>('omnigraph/policyMatrix', { uri: uri.toString() });
  return vscode.Disposable.from(
    panel,
    commands.register('omnigraph.showPolicyMatrix', async (target) => {
      const uri = uriOf(target) ?? vscode.window.activeTextEditor?.document.uri;
      if (uri === undefined) throw new CommandRefused('Open a policy first.');
      const matrix = await ask(uri);
      shown = uri;
      panel.show(`Who may do what: ${vscode.workspace.asRelativePath(uri)}`, matrix);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!panel.isOpen || document.uri.toString() !== shown?.toString()) return;
      ask(document.uri)
        .then((matrix) => panel.update(matrix))
        .catch((error: unknown) => log.warn('the matrix was not redrawn', String(error)));
    }),
  );
}
