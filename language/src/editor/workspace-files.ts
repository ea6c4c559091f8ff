/**
 * The texts of the workspace by canonical URI: what the client has open, and what the host read. Knows nothing of
 * meaning. A closed file is read once and again when something says that it changed.
 */
import { createSchemaCompiler, type SchemaCompiler } from '../schema/index.js';
import type { DocumentKind, EditorDocument } from './documents.js';
import { kindByLanguage, kindByName } from './documents-kind.js';
import { type QueryCompilation, queryCompilation, type SourceText, sourceText } from './documents-snapshot.js';
import { canonicalUri } from './uris.js';
import type { WorkspaceHost } from './workspace-host.js';

export interface WorkspaceFile {
  readonly key: string;
  /** By name or client; a cluster may still make another kind of it. */
  readonly kind: DocumentKind | undefined;
  readonly open: boolean;
  readonly source: SourceText;
  /** Live as long as the file is known, whatever its text. */
  readonly compilers: FileCompilers;
  /** The snapshot made last, and what it was made from beside the text. */
  readonly snapshot?: { readonly document: EditorDocument; readonly basis: readonly unknown[] };
}

interface FileCompilers {
  schema?: SchemaCompiler;
  query?: QueryCompilation;
}

export const schemaCompilerOf = (file: WorkspaceFile): SchemaCompiler => {
  file.compilers.schema ??= createSchemaCompiler();
  return file.compilers.schema;
};

export const queryCompilationOf = (file: WorkspaceFile): QueryCompilation => {
  file.compilers.query ??= queryCompilation();
  return file.compilers.query;
};

/** A change as LSP sends it; without a range it is the whole text. */
export interface TextChange {
  readonly range?: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly text: string;
}

export class WorkspaceFiles {
  readonly #files = new Map<string, WorkspaceFile>();
  readonly #reading = new Map<string, Promise<WorkspaceFile | undefined>>();

  constructor(private readonly host: WorkspaceHost) {}

  get(uri: string): WorkspaceFile | undefined {
    return this.#files.get(canonicalUri(uri));
  }

  all(): IterableIterator<WorkspaceFile> {
    return this.#files.values();
  }

  set(file: WorkspaceFile): void {
    this.#files.set(file.key, file);
  }

  open(uri: string, languageId: string, version: number, text: string): void {
    const key = canonicalUri(uri);
    const kind = kindByName(key) ?? kindByLanguage(languageId);
    const compilers = this.#files.get(key)?.compilers ?? {};
    this.#files.set(key, { key, kind, open: true, source: sourceText(uri, version, text), compilers });
  }

  /** Applies changes in order; each range means the text that the changes before it left. */
  change(
    uri: string,
    version: number,
    changes: readonly TextChange[],
    toUtf16: (change: TextChange, before: SourceText) => TextChange = (change) => change,
  ): void {
    const file = this.get(uri);
    if (file === undefined || !file.open) return;
    let source = file.source;
    for (const change of changes) source = applied(source, version, toUtf16(change, source));
    this.set({ key: file.key, kind: file.kind, open: true, source, compilers: file.compilers });
  }

  /** Forgets the client's text; the file on disk counts again once it is read. */
  close(uri: string): void {
    this.#files.delete(canonicalUri(uri));
  }

  /** Forgets a closed file's text; whether there was one. */
  forget(uri: string): boolean {
    const key = canonicalUri(uri);
    this.#reading.delete(key);
    return this.#files.get(key)?.open === false && this.#files.delete(key);
  }

  /** The file, read from the host when it is not known; `undefined` when it cannot be read. */
  load(uri: string): Promise<WorkspaceFile | undefined> {
    const key = canonicalUri(uri);
    const known = this.#files.get(key);
    if (known !== undefined) return Promise.resolve(known);
    const running = this.#reading.get(key);
    if (running !== undefined) return running;
    const reading: Promise<WorkspaceFile | undefined> = this.host.read(key).then((read) => {
      // Overtaken: the client opened it, or it changed again, while it was being read.
      if (this.#reading.get(key) !== reading) return this.#files.get(key);
      this.#reading.delete(key);
      const opened = this.#files.get(key);
      if (opened !== undefined || read.kind !== 'text') return opened;
      const file = {
        key,
        kind: kindByName(key),
        open: false,
        source: sourceText(key, undefined, read.text),
        compilers: {},
      };
      this.#files.set(key, file);
      return file;
    });
    this.#reading.set(key, reading);
    return reading;
  }
}

function applied(source: SourceText, version: number, change: TextChange): SourceText {
  if (change.range === undefined) return sourceText(source.uri, version, change.text);
  const { text, lines } = source;
  const from = lines.offset(change.range.start);
  const to = Math.max(from, lines.offset(change.range.end));
  return sourceText(source.uri, version, text.slice(0, from) + change.text + text.slice(to));
}
