/** What the server asks of the client by itself: settings, watching files, progress, asking again. Each if it is able. */
import {
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
} from 'vscode-languageserver';
import { observed } from './connection.js';
import type { EditorSettings, Log, Refreshable } from './feature.js';
import { member } from './server-capabilities.js';
import type { Timers } from './workspace-host.js';

export interface ClientServices {
  readonly settings: () => EditorSettings;
  /** Asks for the settings; a client that cannot be asked sends them along when they change. */
  fetchSettings(pushed?: unknown): Promise<void>;
  /** Whether the client watches files for us from now on. */
  register(): Promise<{ readonly watchesFiles: boolean }>;
  refresh(what: Refreshable): void;
  /** Runs long work under a progress that the user sees. */
  withProgress(title: string, run: (report: (done: number, total: number) => void) => Promise<void>): Promise<void>;
}

const DEFAULTS: EditorSettings = {
  plan: { enabled: true },
  codeLens: { enabled: true },
  inlayHints: { enabled: true },
};

/** Policies may have any name that `cluster.yaml` gives them. */
const WATCHED = ['**/*.{pg,gq}', '**/*.{yaml,yml}', '**/__cluster/*.json'];

const REFRESH_METHODS: Readonly<Record<Refreshable, string>> = {
  codeLens: 'workspace/codeLens/refresh',
  inlayHint: 'workspace/inlayHint/refresh',
  semanticTokens: 'workspace/semanticTokens/refresh',
  diagnostics: 'workspace/diagnostic/refresh',
};

/** A burst of changes is answered by one refresh. */
const REFRESH_PAUSE = 150;

export function createClientServices(
  connection: Connection,
  capabilities: ClientCapabilities,
  timers: Timers,
  log: Log,
): ClientServices {
  const { workspace, window } = capabilities;
  const refreshable: Readonly<Record<Refreshable, boolean>> = {
    codeLens: workspace?.codeLens?.refreshSupport === true,
    inlayHint: workspace?.inlayHint?.refreshSupport === true,
    semanticTokens: workspace?.semanticTokens?.refreshSupport === true,
    diagnostics: workspace?.diagnostics?.refreshSupport === true,
  };
  const waiting = new Set<Refreshable>();
  let settings = DEFAULTS;
  return {
    settings: () => settings,
    fetchSettings: async (pushed) => {
      const asked = workspace?.configuration === true;
      settings = settingsFrom(
        asked ? await connection.workspace.getConfiguration('omnigraph') : member(pushed, 'omnigraph'),
      );
    },
    register: async () => {
      if (workspace?.didChangeConfiguration?.dynamicRegistration === true) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: 'omnigraph' });
      }
      if (workspace?.didChangeWatchedFiles?.dynamicRegistration !== true) return { watchesFiles: false };
      const watchers = WATCHED.map((globPattern) => ({ globPattern }));
      await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      return { watchesFiles: true };
    },
    refresh: (what) => {
      if (!refreshable[what] || waiting.has(what)) return;
      waiting.add(what);
      timers.after(REFRESH_PAUSE, () => {
        waiting.delete(what);
        const method = REFRESH_METHODS[what];
        void observed(method, log, async () => connection.sendRequest(method));
      });
    },
    withProgress: async (title, run) => {
      if (window?.workDoneProgress !== true) return run(() => {});
      const progress = await connection.window.createWorkDoneProgress();
      progress.begin(title, 0, undefined, false);
      try {
        await run((done, total) => progress.report(Math.round((100 * done) / Math.max(1, total)), `${done}/${total}`));
      } finally {
        progress.done();
      }
    },
  };
}

function settingsFrom(answer: unknown): EditorSettings {
  const enabled = (section: string): { readonly enabled: boolean } => ({
    enabled: member(member(answer, section), 'enabled') !== false,
  });
  return { plan: enabled('plan'), codeLens: enabled('codeLens'), inlayHints: enabled('inlayHints') };
}
