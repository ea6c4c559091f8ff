/** The language server as the rest of the extension uses it: started once, asked, and told of settings. */
import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  DidChangeConfigurationNotification,
  type LanguageClientOptions,
  ResponseError,
  RevealOutputChannelOn,
} from 'vscode-languageclient';
import type { Platform } from './platform.js';
import { CommandRefused } from './registry.js';

export interface LanguageServer extends vscode.Disposable {
  start(): void;
  restart(): Promise<void>;
  /** Asks once the server is up. Throws `CommandRefused` with the server's words when it refuses. */
  ask<T>(method: `omnigraph/${string}`, params: object, cancel?: vscode.CancellationToken): Promise<T>;
  on(method: `omnigraph/${string}`, take: (params: unknown) => void): vscode.Disposable;
  settingsChanged(): void;
}

/** Commands of server lenses that this client carries out. */
const CLIENT_COMMANDS = [
  'omnigraph.runQuery',
  'omnigraph.showPlan',
  'omnigraph.showDiagram',
  'omnigraph.showPolicyMatrix',
  'omnigraph.showReferences',
  'omnigraph.apply',
  'omnigraph.approve',
  'editor.action.triggerSuggest',
  'editor.action.triggerParameterHints',
  'editor.action.rename',
];

/** Policies may have any name that `cluster.yaml` gives them, so every YAML file is offered; the server knows its own. */
const LANGUAGES = [
  'omnigraph-schema',
  'omnigraph-query',
  'omnigraph-cluster',
  'omnigraph-policy',
  'omnigraph-policy-tests',
  'yaml',
];

export function createLanguageServer(platform: Platform, log: vscode.LogOutputChannel): LanguageServer {
  const client = platform.createClient(clientOptions(log));
  let started: Promise<void> | undefined;
  const start = (): Promise<void> => {
    started ??= client.start();
    return started;
  };
  return {
    start: () => {
      start().catch((error: unknown) => {
        log.error('the language server did not start', String(error));
        void vscode.window.showErrorMessage(`The Omnigraph language server did not start: ${String(error)}`);
      });
    },
    restart: async () => {
      await start();
      await client.stop();
      started = undefined;
      await start();
    },
    ask: async <T>(method: string, params: object, cancel?: vscode.CancellationToken): Promise<T> => {
      await start();
      try {
        // A third argument that is undefined would count as a second parameter.
        return await (cancel === undefined
          ? client.sendRequest<T>(method, params)
          : client.sendRequest<T>(method, params, cancel));
      } catch (error) {
        if (error instanceof ResponseError && error.code === REQUEST_FAILED) throw new CommandRefused(error.message);
        throw error;
      }
    },
    on: (method, take) => client.onNotification(method, take),
    settingsChanged: () => {
      if (client.isRunning()) tellSettings(client, log);
    },
    dispose: () => {
      // Disposing before the start has ended would throw; the host ends the process either way.
      started?.then(
        () => client.dispose(),
        () => {},
      );
    },
  };
}

/** `LSPErrorCodes.RequestFailed`: the request was understood, and cannot be done. */
const REQUEST_FAILED = -32803;

function tellSettings(client: BaseLanguageClient, log: vscode.LogOutputChannel): void {
  client
    .sendNotification(DidChangeConfigurationNotification.type, { settings: null })
    .catch((error: unknown) => log.warn('the settings did not reach the language server', String(error)));
}

function clientOptions(log: vscode.LogOutputChannel): LanguageClientOptions {
  return {
    documentSelector: LANGUAGES.map((language) => ({ language })),
    initializationOptions: { commands: CLIENT_COMMANDS },
    outputChannel: log,
    traceOutputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    markdown: { isTrusted: false, supportHtml: false },
    middleware: {
      workspace: {
        configuration: async (params, token, next) => {
          const answers = await next(params, token);
          return Array.isArray(answers) && !vscode.workspace.isTrusted ? answers.map(withoutPlan) : answers;
        },
      },
    },
  };
}

/** A plan opens the storage that `cluster.yaml` names: not before the workspace is trusted. */
const withoutPlan = (settings: unknown): unknown =>
  typeof settings === 'object' && settings !== null ? { ...settings, plan: { enabled: false } } : settings;
