/** The language server as a process of VS Code's: the same one as `omnigraph lsp`, over the client's channel. */
import { startLanguageServer } from 'omnigraph-language/editor';
import { nodeEditorHost, nodePlanSource } from 'omnigraph-server/control';
import { createConnection } from 'vscode-languageserver/node.js';
import manifest from '../../package.json' with { type: 'json' };

startLanguageServer(createConnection(), nodeEditorHost(), { version: manifest.version, plan: nodePlanSource() });
