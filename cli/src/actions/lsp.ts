/** `lsp`: the language server over the standard streams. Nothing but the protocol may reach stdout. */
import { Console } from 'node:console';
import { startLanguageServer } from 'omnigraph-language/editor';
import { nodeEditorHost, nodePlanSource } from 'omnigraph-server/control';
import { createConnection } from 'vscode-languageserver/node.js';
import type { ExitCode } from '../failure.js';
import { ruleUri } from '../rules.js';
import type { Invocation } from '../shell.js';
import { packageVersion } from '../version.js';

/** Serves until the client says `exit` or goes away; the connection then ends the process, with LSP's exit code. */
export function runLsp(_invocation: Invocation): Promise<ExitCode> {
  globalThis.console = new Console(process.stderr, process.stderr);
  const connection = createConnection(process.stdin, process.stdout);
  startLanguageServer(connection, nodeEditorHost(), {
    version: packageVersion(),
    plan: nodePlanSource(),
    rules: ruleUri,
  });
  return new Promise(() => {});
}
