/** The language server as a browser worker. There is no plan: a browser reaches no ledger. */
import { startLanguageServer } from 'omnigraph-language/editor';
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser.js';
import manifest from '../../package.json' with { type: 'json' };
import { type FileListAnswer, type FileReadAnswer, LIST_FILES, READ_FILE } from './file-requests.js';

/** The worker's own scope, which is also its channel to the client. */
const scope = globalThis as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];
const connection = createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope));

startLanguageServer(
  connection,
  {
    read: (uri) => connection.sendRequest<FileReadAnswer>(READ_FILE, { uri }),
    list: (uri) => connection.sendRequest<FileListAnswer>(LIST_FILES, { uri }),
    timers: {
      after: (milliseconds, run) => {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
    },
  },
  { version: manifest.version },
);
