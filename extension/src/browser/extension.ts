/** The extension in a browser: the language server is a worker that reads files through the client. */
import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser.js';
import { activateExtension } from '../activate.js';
import { serveFiles } from './files.js';

/** The browser's own. Its types would bring a whole DOM along. */
const { Worker } = globalThis as unknown as {
  readonly Worker: new (script: string) => ConstructorParameters<typeof LanguageClient>[3];
};

export function activate(context: vscode.ExtensionContext): void {
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'browser', 'server.js').toString(true);
  activateExtension(context, () => ({
    createClient: (options) => {
      const client = new LanguageClient('omnigraph', 'Omnigraph', options, new Worker(script));
      context.subscriptions.push(...serveFiles(client));
      return client;
    },
  }));
}
