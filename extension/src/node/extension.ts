/** The extension where there is a Node: the language server is a process of its own. */
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node.js';
import { activateExtension } from '../activate.js';
import { nodePrograms } from './programs.js';

export function activate(context: vscode.ExtensionContext): void {
  const module = context.asAbsolutePath('dist/node/server.mjs');
  activateExtension(context, (log) => ({
    createClient: (options) =>
      new LanguageClient('omnigraph', 'Omnigraph', { module, transport: TransportKind.ipc }, options),
    programs: nodePrograms({
      get: (key) => vscode.workspace.getConfiguration('omnigraph').get<string>(key, ''),
      extensionPath: context.extensionPath,
      log,
    }),
  }));
}
