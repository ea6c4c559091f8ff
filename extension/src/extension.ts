/** What every part of the extension may use. */
import type * as vscode from 'vscode';
import type { ClusterModel } from './cluster/model.js';
import type { LanguageServer } from './language-server.js';
import type { Programs } from './programs.js';
import type { CommandRegistry } from './registry.js';

export interface Extension {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly server: LanguageServer;
  /** Absent in a browser. */
  readonly programs: Programs | undefined;
  readonly commands: CommandRegistry;
  readonly cluster: ClusterModel;
}
