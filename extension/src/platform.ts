/** What the desktop and the browser do differently: starting the language server, and running programs. */
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import type { Programs } from './programs.js';

export interface Platform {
  /** A client that is not started yet. */
  createClient(options: LanguageClientOptions): BaseLanguageClient;
  /** Absent in a browser. */
  readonly programs?: Programs;
}
