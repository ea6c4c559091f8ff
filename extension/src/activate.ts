/** What the extension is made of. Activation only registers; the language server starts beside it. */
import * as vscode from 'vscode';
import { clusterCommands } from './cluster/commands.js';
import { createClusterModel } from './cluster/model.js';
import { planPanel } from './cluster/plan-panel.js';
import { serverCommands } from './cluster/server-commands.js';
import { clusterStatusBar } from './cluster/status-bar.js';
import { clusterTree } from './cluster/tree.js';
import type { Extension } from './extension.js';
import { createLanguageServer } from './language-server.js';
import type { Platform } from './platform.js';
import { matrixPanel } from './policy/matrix-panel.js';
import { policyTests } from './policy/policy-tests.js';
import { runQueryCommand } from './query/run-query.js';
import { referencesCommand } from './references.js';
import { createCommandRegistry } from './registry.js';
import { diagramPanel } from './schema/diagram-panel.js';

export function activateExtension(
  context: vscode.ExtensionContext,
  platformFor: (log: vscode.LogOutputChannel) => Platform,
): void {
  const log = vscode.window.createOutputChannel('Omnigraph', { log: true });
  const platform = platformFor(log);
  const server = createLanguageServer(platform, log);
  const extension: Extension = {
    context,
    log,
    server,
    programs: platform.programs,
    commands: createCommandRegistry(log),
    cluster: createClusterModel(server, log),
  };
  context.subscriptions.push(
    log,
    server,
    extension.cluster,
    ...clusterCommands(extension),
    ...serverCommands(extension),
    planPanel(extension),
    clusterTree(extension),
    clusterStatusBar(extension),
    runQueryCommand(extension),
    diagramPanel(extension),
    matrixPanel(extension),
    policyTests(extension),
    referencesCommand(extension),
    extension.commands.register('omnigraph.restartLanguageServer', () => server.restart()),
    extension.commands.register('omnigraph.showOutput', () => log.show()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => announceWhatRuns(extension)),
  );
  announceWhatRuns(extension);
  server.start();
}

/** Menus show only what can run here. */
function announceWhatRuns({ programs, server }: Extension): void {
  const canRun = programs !== undefined && vscode.workspace.isTrusted;
  void vscode.commands.executeCommand('setContext', 'omnigraph.canRunPrograms', canRun);
  server.settingsChanged();
}
