/**
 * Keeps the client's diagnostics true. An edited document is checked at once and first; documents that depend on it
 * follow one at a time, so that the next keystroke never waits for more than one of them; whatever a feature computes
 * from many files (a whole cluster) waits for a pause in typing.
 *
 * Invariant: nothing is sent that was computed from a text that is no longer the document's.
 */
import type { Diagnostic as LspDiagnostic } from 'vscode-languageserver';
import type { EditorDocument } from './documents.js';
import { canonicalUri } from './uris.js';
import type { WorkspaceChange } from './workspace.js';
import type { Timers } from './workspace-host.js';

interface CheckedDocument {
  readonly uri: string;
  readonly version: number | undefined;
  readonly diagnostics: readonly LspDiagnostic[];
  /** Its own text changed, and not something it depends on. */
  readonly edited: boolean;
}

export interface DiagnosticsStream {
  changed(change: WorkspaceChange): void;
  /** Checks documents again, for reasons outside their texts. */
  recheck(uris: readonly string[]): void;
  readonly state: () => StreamState;
}

interface StreamState {
  /** Reports sent since the start. */
  readonly sent: number;
  /** Nothing is waiting to be checked, and nothing is being checked. */
  readonly idle: boolean;
}

interface StreamOptions {
  readonly timers: Timers;
  readonly document: (uri: string) => EditorDocument | undefined;
  readonly isLocated: (uri: string) => boolean;
  readonly locate: (uri: string) => Promise<void>;
  readonly check: (document: EditorDocument) => readonly LspDiagnostic[] | Promise<readonly LspDiagnostic[]>;
  /** Takes what is wrong now. Called for an edited document always, for others when it differs from last time. */
  readonly send: (checked: CheckedDocument) => void;
  readonly failed: (uri: string, cause: unknown) => void;
}

/** How long typing must pause before a cluster is loaded and checked as a whole. */
const PAUSE = 120;

export function createDiagnosticsStream(options: StreamOptions): DiagnosticsStream {
  const urgent = new Set<string>();
  const later = new Set<string>();
  const paused = new Map<string, () => void>();
  /** Which check of a document is the newest: an older one that ends late is dropped. */
  const turns = new Map<string, number>();
  const last = new Map<string, { readonly uri: string; readonly text: string }>();
  let scheduled = false;
  let sent = 0;
  let running = 0;

  function schedule(): void {
    if (scheduled || (urgent.size === 0 && later.size === 0)) return;
    scheduled = true;
    options.timers.after(0, () => {
      scheduled = false;
      run();
    });
  }

  function run(): void {
    if (urgent.size > 0) {
      const now = [...urgent];
      urgent.clear();
      for (const key of now) start(key, true);
    } else {
      const [next] = later;
      if (next !== undefined) {
        later.delete(next);
        start(next, false);
      }
    }
    schedule();
  }

  function start(key: string, edited: boolean): void {
    const turn = (turns.get(key) ?? 0) + 1;
    turns.set(key, turn);
    const fail = (cause: unknown): void => options.failed(key, cause);
    const go = (): void => {
      if (turns.get(key) !== turn) return;
      const document = options.document(key);
      if (document === undefined) {
        gone(key);
        return;
      }
      const found = options.check(document);
      if (found instanceof Promise)
        follow(found.then((diagnostics) => finish(key, turn, document, diagnostics, edited)));
      else finish(key, turn, document, found, edited);
    };
    const follow = (work: Promise<void>): void => {
      running += 1;
      void work.catch(fail).then(() => {
        running -= 1;
      });
    };
    if (!options.isLocated(key)) {
      follow(options.locate(key).then(go));
      return;
    }
    try {
      go();
    } catch (cause) {
      fail(cause);
    }
  }

  function finish(
    key: string,
    turn: number,
    document: EditorDocument,
    diagnostics: readonly LspDiagnostic[],
    edited: boolean,
  ): void {
    if (turns.get(key) !== turn) return;
    // The text moved on: its own check is on the way.
    if (options.document(key)?.text !== document.text) return;
    const before = last.get(key);
    const text = JSON.stringify(diagnostics);
    const { uri, version } = document;
    if (before !== undefined && before.uri !== uri)
      send({ uri: before.uri, version: undefined, diagnostics: [], edited: false });
    last.set(key, { uri, text });
    const isNews = before === undefined ? diagnostics.length > 0 : before.text !== text || before.uri !== uri;
    if (isNews || (edited && version !== undefined)) send({ uri, version, diagnostics, edited });
  }

  function gone(key: string): void {
    const before = last.get(key);
    last.delete(key);
    turns.delete(key);
    if (before !== undefined) send({ uri: before.uri, version: undefined, diagnostics: [], edited: false });
  }

  function send(checked: CheckedDocument): void {
    sent += 1;
    options.send(checked);
  }

  function afterPause(key: string): void {
    paused.get(key)?.();
    const callOff = options.timers.after(PAUSE, () => {
      paused.delete(key);
      later.add(key);
      schedule();
    });
    paused.set(key, callOff);
  }

  return {
    changed: ({ edited, affected }) => {
      for (const key of edited) urgent.add(key);
      for (const key of affected) {
        if (urgent.has(key)) continue;
        if (options.document(key)?.kind === 'cluster') afterPause(key);
        else later.add(key);
      }
      schedule();
    },
    recheck: (uris) => {
      for (const uri of uris) later.add(canonicalUri(uri));
      schedule();
    },
    state: () => ({
      sent,
      idle: !scheduled && urgent.size === 0 && later.size === 0 && paused.size === 0 && running === 0,
    }),
  };
}
