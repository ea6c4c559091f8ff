/**
 * The workspace as it changes: the server tells it what the client did, it answers with snapshots and says whose
 * meaning a change may touch. Contract: `workspace.ts`; which schema a `.gq` belongs to: design §5.
 *
 * Invariant: `document(uri)` is a function of the texts, the listings and the clusters known now; nothing older shows.
 */
import { COMPILERS, CONFIG_FILE, type Compilers, type ConfigFolder } from '../cluster/index.js';
import { type ClusterEntry, clusterEntry, layoutOf, type Ownership, ownershipsIn } from './clusters.js';
import type {
  DocumentKind,
  DocumentOf,
  EditorDocument,
  QueryDocument,
  QuerySchema,
  SchemaDocument,
} from './documents.js';
import { kindByName } from './documents-kind.js';
import {
  clusterDocument,
  policyDocument,
  policyTestsDocument,
  queryDocument,
  schemaDocument,
} from './documents-snapshot.js';
import { canonicalUri, childUri, isWithin, nameOf, parentUri } from './uris.js';
import type { Workspace, WorkspaceChange } from './workspace.js';
import {
  queryCompilationOf,
  schemaCompilerOf,
  type TextChange,
  type WorkspaceFile,
  WorkspaceFiles,
} from './workspace-files.js';
import { overlayFolder } from './workspace-folder.js';
import { WorkspaceFolders } from './workspace-folders.js';
import type { WorkspaceHost } from './workspace-host.js';

interface WorkspaceStats {
  /** Documents of which declarations had to be checked, since the start. */
  checkedDocuments: number;
}

export class WorkspaceModel implements Workspace {
  readonly stats: WorkspaceStats = { checkedDocuments: 0 };
  readonly compilers: Compilers;
  readonly #files: WorkspaceFiles;
  readonly #folders: WorkspaceFolders;
  readonly #clusters = new Map<string, ClusterEntry>();
  readonly #listeners = new Set<(change: WorkspaceChange) => void>();
  /** Which layout a file's surroundings were last looked at for. */
  readonly #located = new Map<string, number>();
  #folderUris: readonly string[] = [];
  #indexed = false;
  readonly #schemaPlaces = new Map<string, { readonly layout: number; readonly place: SchemaPlace | undefined }>();
  /** Grows whenever files may belong elsewhere than before. */
  #layout = 0;

  constructor(private readonly host: WorkspaceHost) {
    this.#files = new WorkspaceFiles(host);
    this.#folders = new WorkspaceFolders(host);
    this.compilers = this.#rememberingCompilers();
  }

  // What features read

  get folders(): readonly string[] {
    return this.#folders.roots;
  }

  get clusters(): readonly ClusterEntry[] {
    return [...this.#clusters.values()];
  }

  document(uri: string): EditorDocument | undefined {
    const file = this.#files.get(uri);
    return file && this.#snapshot(file);
  }

  async load(uri: string): Promise<EditorDocument | undefined> {
    await this.#files.load(uri);
    await this.locate(uri);
    return this.document(uri);
  }

  open(): readonly EditorDocument[] {
    return [...this.#files.all()].flatMap((file) => (file.open ? (this.#snapshot(file) ?? []) : []));
  }

  ownersOf(uri: string): readonly Ownership[] {
    const key = canonicalUri(uri);
    return this.clusters.flatMap((cluster) => ownershipsIn(cluster, key));
  }

  clusterOf(uri: string): ClusterEntry | undefined {
    return this.ownersOf(uri)[0]?.cluster;
  }

  schemaOf({ schema }: QueryDocument): SchemaDocument | undefined {
    return schema.by === 'none' ? undefined : schema.document;
  }

  async related(uri: string): Promise<readonly EditorDocument[]> {
    const document = await this.load(uri);
    const cluster = this.clusterOf(uri);
    if (cluster !== undefined) return this.#loadAll(await this.#filesOf(cluster));
    if (document?.kind === 'schema') return [document, ...(await this.queriesOf(uri))];
    const schema = document?.kind === 'query' ? this.schemaOf(document) : undefined;
    if (schema !== undefined) return [schema, ...(await this.queriesOf(schema.uri))];
    return document === undefined ? [] : [document];
  }

  async queriesOf(schemaUri: string): Promise<readonly QueryDocument[]> {
    const key = canonicalUri(schemaUri);
    const owners = this.ownersOf(key).filter(({ role }) => role === 'schema');
    for (const { cluster } of owners) await this.#loadAll(await this.#filesOf(cluster));
    const folder = parentUri(key) ?? key;
    const near = (await this.#folders.findAll()).filter((uri) => uri.endsWith('.gq') && isWithin(uri, folder));
    await this.#loadAll(near);
    return this.#queriesCheckedAgainst(key);
  }

  async all(): Promise<readonly EditorDocument[]> {
    const found = [...(await this.#folders.findAll()), ...[...this.#files.all()].map(({ key }) => key)];
    const owned = await Promise.all(this.clusters.map((cluster) => this.#filesOf(cluster)));
    return this.#loadAll([...found, ...owned.flat()]);
  }

  configFolder(cluster: ClusterEntry): ConfigFolder {
    return overlayFolder(cluster, this.host, this.#files);
  }

  onChange(listener: (change: WorkspaceChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // What the server tells

  /** The workspace folders as the client spells them. */
  get folderUris(): readonly string[] {
    return this.#folderUris;
  }

  /** All files of the workspace folders were read at least once. */
  get isIndexed(): boolean {
    return this.#indexed;
  }

  get knownDocuments(): number {
    return [...this.#files.all()].length;
  }

  /** Files of folders that are gone are forgotten, unless they are open. */
  setFolders(uris: readonly string[]): void {
    const before = this.#folders.roots;
    this.#folderUris = uris;
    this.#folders.setRoots(uris);
    this.#layout += 1;
    const gone = before.filter((folder) => !this.#folders.roots.includes(folder));
    const lost = [...this.#files.all()].flatMap(({ key, open }) => {
      const isInside = (folder: string): boolean => isWithin(key, folder);
      return !open && gone.some(isInside) && !this.#folders.roots.some(isInside) ? [key] : [];
    });
    for (const key of lost) this.#files.forget(key);
    if (lost.length > 0) this.#edited(lost, { appeared: lost });
  }

  didOpen(uri: string, languageId: string, version: number, text: string): void {
    const isNew = this.#files.get(uri) === undefined;
    this.#files.open(uri, languageId, version, text);
    this.#edited([uri], { appeared: isNew ? [uri] : [] });
  }

  didChange(
    uri: string,
    version: number,
    changes: readonly TextChange[],
    toUtf16?: Parameters<WorkspaceFiles['change']>[3],
  ): void {
    this.#files.change(uri, version, changes, toUtf16);
    this.#edited([uri]);
  }

  /** A file that is new on disk may be what others look for. */
  async didSave(uri: string): Promise<void> {
    const key = canonicalUri(uri);
    const isListed = this.#folders.known(parentUri(key) ?? key).some(({ name }) => name === nameOf(key));
    if (!isListed) await this.didChangeFiles([key]);
  }

  /** The file on disk counts again. */
  async didClose(uri: string): Promise<void> {
    this.#files.close(uri);
    const file = await this.#files.load(uri);
    this.#edited([uri], { appeared: file === undefined ? [uri] : [] });
  }

  /** Files that appeared, changed or went away on disk; what is open in the client stays as the client has it. */
  async didChangeFiles(uris: readonly string[]): Promise<void> {
    this.#folders.forgetListings();
    this.#layout += 1;
    const changed: string[] = [];
    const appeared: string[] = [];
    for (const uri of uris.map(canonicalUri)) {
      const known = this.#files.get(uri);
      if (known?.open === true || this.#folders.isSkipped(uri)) continue;
      this.#files.forget(uri);
      const file = await this.#files.load(uri);
      changed.push(uri);
      if ((file === undefined) !== (known === undefined)) appeared.push(uri);
    }
    this.#edited(changed, { appeared, reported: uris });
  }

  /** Loads every file of the workspace folders, so that all of them can be checked; reports how far it is. */
  async index(onProgress: (done: number, total: number) => void): Promise<void> {
    this.#indexed = false;
    const found = await this.#folders.findAll();
    for (const uri of found) {
      if (nameOf(uri) === CONFIG_FILE) await this.#readCluster(uri);
    }
    const owned = await Promise.all(this.clusters.map((cluster) => this.#filesOf(cluster)));
    const files = [...new Set([...found, ...owned.flat()])];
    for (let at = 0; at < files.length; at += BATCH) {
      onProgress(at, files.length);
      await Promise.all(files.slice(at, at + BATCH).map((uri) => this.#files.load(uri)));
    }
    this.#indexed = true;
    this.#emit({ edited: [], clusters: this.clusters.map(({ uri }) => uri), affected: files, files: [] });
  }

  /** Whether everything that decides about a file is known, so that `document` says the truth. */
  isLocated(uri: string): boolean {
    return this.#located.get(canonicalUri(uri)) === this.#layout;
  }

  /** Finds the clusters above a file and loads the schema it is checked against. */
  async locate(uri: string): Promise<void> {
    const key = canonicalUri(uri);
    while (this.#located.get(key) !== this.#layout) {
      const layout = this.#layout;
      const folders = this.#folders.above(key);
      const listings = await Promise.all(folders.map((folder) => this.#folders.list(folder)));
      for (const [at, folder] of folders.entries()) {
        if (listings[at]?.some(({ name, kind }) => name === CONFIG_FILE && kind === 'file')) {
          await this.#readCluster(childUri(folder, CONFIG_FILE));
        }
      }
      const schema = this.#schemaUriOf(key)?.uri;
      if (schema !== undefined) await this.#files.load(schema);
      // A cluster that was found on the way may own other files: then look once more.
      if (layout === this.#layout) this.#located.set(key, layout);
    }
  }

  // Inside

  async #readCluster(uri: string): Promise<void> {
    if (this.#clusters.has(canonicalUri(uri))) return;
    const file = await this.#files.load(uri);
    if (file !== undefined) this.#updateCluster(file);
  }

  /** Whether the cluster owns other files than before. */
  #updateCluster(file: WorkspaceFile): boolean {
    const document = this.#snapshot(file);
    if (document?.kind !== 'cluster') return false;
    const before = this.#clusters.get(file.key);
    const entry = clusterEntry(file.key, document.config);
    this.#clusters.set(file.key, entry);
    if (before !== undefined && layoutOf(before) === layoutOf(entry)) return false;
    this.#layout += 1;
    return true;
  }

  /** `appeared`: those of them that were not there before, or are no longer. `reported`: by whoever watches files. */
  #edited(
    uris: readonly string[],
    {
      appeared = [],
      reported = [],
    }: { readonly appeared?: readonly string[]; readonly reported?: readonly string[] } = {},
  ): void {
    const keys = uris.map(canonicalUri);
    const affected = new Set(keys);
    const clusters: string[] = [];
    // Any query file may now find another schema.
    let mayMove = appeared.some((uri) => kindByName(canonicalUri(uri)) === 'schema');
    for (const key of keys) {
      const file = this.#files.get(key);
      const isCluster = kindByName(key) === 'cluster';
      const owned = isCluster ? this.#knownFilesIn(key) : [];
      if (isCluster && (file === undefined ? this.#dropCluster(key) : this.#updateCluster(file))) {
        clusters.push(key);
        mayMove = true;
        for (const uri of [...owned, ...this.#knownFilesIn(key)]) affected.add(uri);
      }
      for (const uri of this.#dependents(key)) affected.add(uri);
    }
    if (mayMove) {
      this.#layout += 1;
      for (const file of this.#files.all()) if (file.kind === 'query') affected.add(file.key);
    }
    this.#emit({ edited: keys, clusters, affected: [...affected], files: reported });
  }

  #dropCluster(key: string): boolean {
    if (!this.#clusters.delete(key)) return false;
    this.#layout += 1;
    return true;
  }

  /** Documents whose meaning depends on another one's text. */
  #dependents(key: string): readonly string[] {
    const clusters = this.ownersOf(key).map(({ cluster }) => cluster.uri);
    const isSchema = this.#kindOf(key) === 'schema';
    const queries = isSchema ? this.#queriesCheckedAgainst(key).map(({ uri }) => canonicalUri(uri)) : [];
    const isPolicy = this.#kindOf(key) === 'policy';
    const tests = isPolicy ? [...this.#files.all()].filter(({ kind }) => kind === 'policy-tests') : [];
    return [...queries, ...tests.map((file) => file.key), ...clusters];
  }

  #emit(change: WorkspaceChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  #knownFilesIn(clusterUri: string): readonly string[] {
    const cluster = this.#clusters.get(clusterUri);
    if (cluster === undefined) return [];
    return [...this.#files.all()].flatMap(({ key }) => (ownershipsIn(cluster, key).length > 0 ? [key] : []));
  }

  /** Every file a cluster names, those that lie in its query folders included. */
  async #filesOf(cluster: ClusterEntry): Promise<readonly string[]> {
    const queries = cluster.graphs.flatMap((graph) => graph.queries);
    const listed = queries.map(async (uri): Promise<readonly string[]> => {
      const entries = await this.#folders.list(uri);
      const inFolder = entries.filter(({ name, kind }) => kind === 'file' && name.endsWith('.gq'));
      return inFolder.length > 0 ? inFolder.map(({ name }) => childUri(uri, name)) : [uri];
    });
    return [
      ...new Set([
        cluster.uri,
        ...cluster.graphs.map(({ schema }) => schema),
        ...(await Promise.all(listed)).flat(),
        ...cluster.policies.map(({ uri }) => uri),
        ...this.#knownFilesIn(cluster.uri),
      ]),
    ];
  }

  async #loadAll(uris: readonly string[]): Promise<readonly EditorDocument[]> {
    const loaded = await Promise.all([...new Set(uris.map(canonicalUri))].map((uri) => this.load(uri)));
    return loaded.flatMap((document) => document ?? []);
  }

  #queriesCheckedAgainst(schemaKey: string): readonly QueryDocument[] {
    return [...this.#files.all()].flatMap((file) => {
      if (file.kind !== 'query' || this.#schemaUriOf(file.key)?.uri !== schemaKey) return [];
      const document = this.#snapshot(file);
      return document?.kind === 'query' ? [document] : [];
    });
  }

  #kindOf(key: string): DocumentKind | undefined {
    const byName = this.#files.get(key)?.kind;
    if (byName !== undefined) return byName;
    return this.ownersOf(key).some(({ role }) => role === 'policy') ? 'policy' : undefined;
  }

  /** Asked for at every keystroke and for every query file, so the answer is kept for as long as it holds. */
  #schemaUriOf(key: string): SchemaPlace | undefined {
    const known = this.#schemaPlaces.get(key);
    if (known?.layout === this.#layout) return known.place;
    const place = this.#findSchema(key);
    // Before the folders above are listed, it is not the last word.
    if (this.isLocated(key)) this.#schemaPlaces.set(key, { layout: this.#layout, place });
    return place;
  }

  #findSchema(key: string): SchemaPlace | undefined {
    const owner = this.ownersOf(key).find((ownership) => ownership.role === 'queries');
    if (owner?.role === 'queries') {
      return { by: 'cluster', cluster: owner.cluster, graph: owner.graph.id, uri: owner.graph.schema };
    }
    for (const folder of this.#folders.above(key)) {
      const schemas = [
        ...this.#folders.known(folder).flatMap(({ name, kind }) => (kind === 'file' ? [childUri(folder, name)] : [])),
        ...[...this.#files.all()].map((file) => file.key).filter((uri) => parentUri(uri) === folder),
      ]
        .filter((uri) => uri.endsWith('.pg'))
        .sort();
      const uri = schemas.find((candidate) => nameOf(candidate) === 'schema.pg') ?? schemas[0];
      if (uri !== undefined) return { by: 'nearest', uri };
    }
    return undefined;
  }

  #snapshot(file: WorkspaceFile): EditorDocument | undefined {
    const kind = this.#kindOf(file.key);
    if (kind === undefined) return undefined;
    switch (kind) {
      case 'schema':
        return this.#remember(file, [], () => schemaDocument(file.source, schemaCompilerOf(file)));
      case 'query': {
        const schema = this.#querySchema(file.key);
        const basis = schema.by === 'none' ? [] : [schema.uri, schema.document, schema.by];
        return this.#remember(file, basis, () =>
          queryDocument(file.source, schema, queryCompilationOf(file), () => {
            this.stats.checkedDocuments += 1;
          }),
        );
      }
      case 'cluster':
        return this.#remember(file, [], () => clusterDocument(file.source));
      case 'policy': {
        const owner = this.ownersOf(file.key).find(({ role }) => role === 'policy');
        const binding = owner?.role === 'policy' ? owner.policy.binding : 'either';
        return this.#remember(file, [binding], () => policyDocument(file.source, binding));
      }
      case 'policy-tests':
        return this.#remember(file, [], () => policyTestsDocument(file.source));
      default:
        return kind satisfies never;
    }
  }

  #remember<K extends DocumentKind>(
    file: WorkspaceFile,
    basis: readonly unknown[],
    make: () => DocumentOf<K>,
  ): EditorDocument {
    const known = file.snapshot;
    if (known?.basis.length === basis.length && known.basis.every((value, at) => value === basis[at])) {
      return known.document;
    }
    const document = make();
    this.#files.set({ ...file, snapshot: { document, basis } });
    return document;
  }

  #querySchema(key: string): QuerySchema {
    const place = this.#schemaUriOf(key);
    if (place === undefined) return { by: 'none' };
    const document = this.document(place.uri);
    return { ...place, document: document?.kind === 'schema' ? document : undefined };
  }

  #rememberingCompilers(): Compilers {
    const known = (uri: string, text: string): EditorDocument | undefined => {
      const document = this.document(uri);
      return document?.text === text ? document : undefined;
    };
    return {
      ...COMPILERS,
      compileSchema: (text, options) => {
        const document = known(options.uri, text);
        return document?.kind === 'schema' ? document.compiled : COMPILERS.compileSchema(text, options);
      },
      compileQueries: (text, catalog, options) => {
        const document = known(options.uri, text);
        return document?.kind === 'query' && document.catalog === catalog
          ? document.compiled
          : COMPILERS.compileQueries(text, catalog, options);
      },
    };
  }
}

type SchemaPlace =
  | { readonly by: 'cluster'; readonly cluster: ClusterEntry; readonly graph: string; readonly uri: string }
  | { readonly by: 'nearest'; readonly uri: string };

/** Files read at once while indexing. */
const BATCH = 32;
