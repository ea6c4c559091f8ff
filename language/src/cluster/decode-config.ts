/**
 * Strict decoding of `cluster.yaml`: an unknown field, a missing one or a value of another type is refused and nothing
 * is coerced. Contract: cluster.md §3.1 and §3.8, step 4. Decoding goes on after a problem, so that the editor gets as
 * much of the model as there is; the file counts as interpretable only without any.
 */
import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { SourceRange } from '../diagnostics/index.js';
import { rangeOf, resolveAlias } from '../yaml/index.js';
import { type ClusterSource, type ConfigMember, membersOf } from './cluster-source.js';
import type {
  BlobBaseEntry,
  BlobScope,
  ClusterConfig,
  GraphEntry,
  Located,
  PolicyEntry,
  ProviderEntry,
  QueriesDeclaration,
  QueryEntry,
} from './config.js';

interface DecodeProblem {
  readonly message: string;
  readonly range: SourceRange;
}

/** What is missing from a mapping is known at its end, after whatever else is wrong in it. */
interface FoundProblem extends DecodeProblem {
  readonly foundAt: number;
}

export interface DecodedConfig {
  /** Entries that lack a required field are left out. `undefined` only when the document is no mapping. */
  readonly config: ClusterConfig | undefined;
  /** In file order. */
  readonly problems: readonly DecodeProblem[];
}

/** Decodes a parsed file. Call it only when the key checks found nothing, since of a repeated key the first counts. */
export function decodeConfig(source: ClusterSource): DecodedConfig {
  const decoder = new Decoder(source);
  const config = decoder.config();
  const problems = [...decoder.problems].sort((a, b) => a.foundAt - b.foundAt);
  return { config, problems: problems.map(({ message, range }) => ({ message, range })) };
}

/** Fields of one mapping by name; `missing` names the place to blame when a required one is not there. */
interface Fields {
  readonly at: string;
  readonly range: SourceRange;
  readonly members: ReadonlyMap<string, ConfigMember>;
}

class Decoder {
  readonly problems: FoundProblem[] = [];

  constructor(private readonly source: ClusterSource) {}

  config(): ClusterConfig | undefined {
    const { contents } = this.source.document;
    const root = this.fields(contents, '', TOP_LEVEL, rangeOf(contents, this.source.lines));
    if (root === undefined) return undefined;
    const metadata = this.section(root, 'metadata', ['name']);
    const state = this.section(root, 'state', ['backend', 'lock']);
    const providers = this.section(root, 'providers', ['embedding']);
    const version = this.required(root, 'version', this.integer(root, 'version'));
    const name = metadata && this.string(metadata, 'name');
    const storage = this.string(root, 'storage');
    const backend = state && this.string(state, 'backend');
    const lock = state && this.boolean(state, 'lock');
    return {
      // Without a version there is a problem, so this stands only in the editor's partial model.
      version: version ?? { value: 1, range: root.range },
      ...(name && { metadataName: name }),
      ...(storage && { storage }),
      ...(backend && { stateBackend: backend }),
      ...(lock && { stateLock: lock }),
      providers: providers ? this.named(providers, 'embedding', (entry) => this.provider(entry)) : new Map(),
      graphs: this.named(root, 'graphs', (entry) => this.graph(entry)),
      policies: this.named(root, 'policies', (entry) => this.policy(entry)),
    };
  }

  private provider(entry: NamedNode): ProviderEntry | undefined {
    const fields = this.fields(
      entry.value,
      entry.at,
      ['kind', 'provider', 'base_url', 'model', 'api_key'],
      entry.range,
    );
    if (fields === undefined) return undefined;
    const written = this.string(fields, 'kind');
    const alias = this.string(fields, 'provider');
    if (written && alias) this.report('`provider` is another name of `kind`; give one of them', alias.range);
    const kind = written ?? alias;
    const baseUrl = this.string(fields, 'base_url');
    const model = this.string(fields, 'model');
    const apiKey = this.string(fields, 'api_key');
    return {
      name: entry.name,
      range: entry.range,
      ...(kind && { kind }),
      ...(baseUrl && { baseUrl }),
      ...(model && { model }),
      ...(apiKey && { apiKey }),
    };
  }

  private graph(entry: NamedNode): GraphEntry | undefined {
    const known = ['schema', 'queries', 'embedding_provider', 'external_blobs'];
    const fields = this.fields(entry.value, entry.at, known, entry.range);
    if (fields === undefined) return undefined;
    const schema = this.required(fields, 'schema', this.string(fields, 'schema'));
    const queries = this.queries(fields);
    const embeddingProvider = this.string(fields, 'embedding_provider');
    const externalBlobs = this.externalBlobs(fields);
    if (schema === undefined) return undefined;
    return {
      id: entry.name,
      range: entry.range,
      schema,
      ...(queries && { queries }),
      ...(embeddingProvider && { embeddingProvider }),
      ...(externalBlobs && { externalBlobs }),
    };
  }

  private queries(graph: Fields): QueriesDeclaration | undefined {
    const node = this.present(graph, 'queries');
    if (node === undefined) return undefined;
    const range = rangeOf(node, this.source.lines);
    const at = join(graph.at, 'queries');
    if (isSeq(node)) return { form: 'list', range, paths: this.strings(node.items as Node[], at) };
    if (isMap(node)) return { form: 'map', range, entries: this.named(graph, 'queries', (entry) => this.query(entry)) };
    const path = this.scalarString(node, at, 'a path, a list of paths or a mapping');
    return path && { form: 'path', range, path };
  }

  private query(entry: NamedNode): QueryEntry | undefined {
    const fields = this.fields(entry.value, entry.at, ['file'], entry.range);
    const file = fields && this.required(fields, 'file', this.string(fields, 'file'));
    return file && { name: entry.name, file };
  }

  private externalBlobs(graph: Fields): GraphEntry['externalBlobs'] {
    const member = graph.members.get('external_blobs');
    const fields = this.section(graph, 'external_blobs', ['allow']);
    if (member === undefined || fields === undefined) return undefined;
    const allow = this.list(fields, 'allow').flatMap(
      (item, at) => this.blobBase(item, `${fields.at}.allow[${at}]`) ?? [],
    );
    return { range: member.name.range, allow };
  }

  private blobBase(node: Node | null, at: string): BlobBaseEntry | undefined {
    const range = rangeOf(node, this.source.lines);
    const fields = this.fields(node, at, ['base', 'scope'], range);
    if (fields === undefined) return undefined;
    const base = this.required(fields, 'base', this.string(fields, 'base'));
    const scope = this.required(fields, 'scope', this.string(fields, 'scope'));
    if (scope && !isBlobScope(scope.value)) {
      this.report(`unknown scope \`${scope.value}\` in \`${at}\`, expected server_safe or embedded_only`, scope.range);
    }
    if (base === undefined || scope === undefined || !isBlobScope(scope.value)) return undefined;
    return { range, base, scope: { value: scope.value, range: scope.range } };
  }

  private policy(entry: NamedNode): PolicyEntry | undefined {
    const fields = this.fields(entry.value, entry.at, ['file', 'applies_to'], entry.range);
    if (fields === undefined) return undefined;
    const file = this.required(fields, 'file', this.string(fields, 'file'));
    const targets = this.required(fields, 'applies_to', this.present(fields, 'applies_to'));
    const value = targets && this.strings(this.list(fields, 'applies_to'), join(entry.at, 'applies_to'));
    if (file === undefined || targets === undefined || value === undefined) return undefined;
    const appliesTo = { value, range: rangeOf(targets, this.source.lines) };
    return { name: entry.name, range: entry.range, file, appliesTo };
  }

  /** A mapping with a closed set of fields. A key left without a value is an empty mapping. */
  private fields(node: Node | null, at: string, known: readonly string[], range: SourceRange): Fields | undefined {
    const map = this.mapping(node, at, range);
    if (map === undefined) return undefined;
    const members = new Map<string, ConfigMember>();
    for (const member of map === null ? [] : membersOf(map, this.source)) {
      if (!known.includes(member.name.value)) {
        const within = at === '' ? '' : ` in \`${at}\``;
        this.report(
          `unknown field \`${member.name.value}\`${within}, expected one of ${known.join(', ')}`,
          member.name.range,
        );
      } else if (!members.has(member.name.value)) members.set(member.name.value, member);
    }
    return { at, range, members };
  }

  /** An optional mapping with a closed set of fields. */
  private section(parent: Fields, key: string, known: readonly string[]): Fields | undefined {
    const member = parent.members.get(key);
    return member?.value ? this.fields(member.value, join(parent.at, key), known, member.name.range) : undefined;
  }

  /** A mapping from user-chosen names to entries, in file order. */
  private named<T>(parent: Fields, key: string, decode: (entry: NamedNode) => T | undefined): ReadonlyMap<string, T> {
    const member = parent.members.get(key);
    const at = join(parent.at, key);
    const map = member?.value ? this.mapping(member.value, at, member.name.range) : undefined;
    const entries = new Map<string, T>();
    for (const { name, value } of map ? membersOf(map, this.source) : []) {
      const range = value === null ? name.range : rangeOf(value, this.source.lines);
      const entry = decode({ name, value, range, at: join(at, name.value) });
      if (entry !== undefined && !entries.has(name.value)) entries.set(name.value, entry);
    }
    return entries;
  }

  /** `null` for "no value", `undefined` after reporting that it is something else. */
  private mapping(node: Node | null, at: string, range: SourceRange): YAMLMap | null | undefined {
    const resolved = resolveAlias(node, this.source.document);
    if (resolved === null || isMap(resolved)) return resolved;
    if (at === '' && isScalar(resolved) && resolved.value === null) return null;
    this.report(
      `${describe(at)} must be a mapping, not ${kindOfNode(resolved)}`,
      node === null ? range : rangeOf(node, this.source.lines),
    );
    return undefined;
  }

  private list(parent: Fields, key: string): readonly Node[] {
    const node = this.present(parent, key);
    if (node === undefined) return [];
    if (isSeq(node)) return node.items as Node[];
    this.report(
      `\`${join(parent.at, key)}\` must be a list, not ${kindOfNode(node)}`,
      rangeOf(node, this.source.lines),
    );
    return [];
  }

  private strings(items: readonly Node[], at: string): readonly Located<string>[] {
    return items.flatMap((item, index) => {
      const node = resolveAlias(item, this.source.document);
      const text = node && this.scalarString(node, `${at}[${index}]`, 'a string');
      return text ? [text] : [];
    });
  }

  private string(parent: Fields, key: string): Located<string> | undefined {
    const node = this.optionalScalar(parent, key);
    return node && this.scalarString(node, join(parent.at, key), 'a string');
  }

  private scalarString(node: Node, at: string, expected: string): Located<string> | undefined {
    if (isScalar(node) && typeof node.value === 'string') {
      return { value: node.value, range: rangeOf(node, this.source.lines) };
    }
    this.report(`\`${at}\` must be ${expected}, not ${kindOfNode(node)}`, rangeOf(node, this.source.lines));
    return undefined;
  }

  private boolean(parent: Fields, key: string): Located<boolean> | undefined {
    const node = this.optionalScalar(parent, key);
    if (node === undefined) return undefined;
    const range = rangeOf(node, this.source.lines);
    if (isScalar(node) && typeof node.value === 'boolean') return { value: node.value, range };
    this.report(`\`${join(parent.at, key)}\` must be true or false, not ${kindOfNode(node)}`, range);
    return undefined;
  }

  private integer(parent: Fields, key: string): Located<number> | undefined {
    const node = this.present(parent, key);
    if (node === undefined) return undefined;
    const range = rangeOf(node, this.source.lines);
    if (isScalar(node) && typeof node.value === 'number' && isPlainInteger(node)) return { value: node.value, range };
    this.report(`\`${join(parent.at, key)}\` must be a non-negative integer, not ${kindOfNode(node)}`, range);
    return undefined;
  }

  /** An explicit `null` of an optional scalar says what leaving it out says. */
  private optionalScalar(parent: Fields, key: string): Node | undefined {
    const node = this.present(parent, key);
    return isScalar(node) && node.value === null ? undefined : node;
  }

  /** The value of a field, aliases followed; `undefined` when the field is absent or has no value. */
  private present(parent: Fields, key: string): Node | undefined {
    return resolveAlias(parent.members.get(key)?.value ?? null, this.source.document) ?? undefined;
  }

  private required<T>(parent: Fields, key: string, value: T | undefined): T | undefined {
    const isMissing = !parent.members.get(key)?.value;
    if (value === undefined && isMissing) {
      const within = parent.at === '' ? '' : ` in \`${parent.at}\``;
      this.report(`missing field \`${key}\`${within}`, parent.range, parent.range.offset + parent.range.length);
    } else if (value === undefined && this.optionalScalar(parent, key) === undefined) {
      this.report(`\`${join(parent.at, key)}\` must not be null`, parent.range);
    }
    return value;
  }

  private report(message: string, range: SourceRange, foundAt = range.offset): void {
    this.problems.push({ message, range, foundAt });
  }
}

interface NamedNode {
  readonly name: Located<string>;
  readonly value: Node | null;
  readonly range: SourceRange;
  readonly at: string;
}

const TOP_LEVEL = ['version', 'metadata', 'storage', 'state', 'providers', 'graphs', 'policies'];

const isBlobScope = (text: string): text is BlobScope => text === 'server_safe' || text === 'embedded_only';

/** Written as an integer: `1.0` and `1e0` are floats, `0x1` is not. */
const isPlainInteger = (scalar: Scalar): boolean =>
  Number.isSafeInteger(scalar.value) && Number(scalar.value) >= 0 && /^\+?\d+$|^0[xo]/.test(scalar.source ?? '');

const join = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);

const describe = (at: string): string => (at === '' ? 'the document' : `\`${at}\``);

function kindOfNode(node: Node | null): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'null';
  // Never its text: a misplaced key may be a secret.
  if (typeof node.value === 'string') return 'a string';
  return typeof node.value === 'boolean' ? `the boolean ${node.value}` : `the number ${String(node.value)}`;
}
