/**
 * Typed access to one mapping of the operator config. Every refusal names the file, the line and the dotted key; keys
 * nobody asked for are collected as warnings.
 */
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { Failure } from '../failure.js';

interface Source {
  readonly path: string;
  readonly lines: LineCounter;
}

/** The root mapping of a config text. Throws `Failure` ("could not parse …") on text that is not a YAML mapping. */
export function openConfigText(text: string, path: string): ConfigSection {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const source: Source = { path, lines };
  const problem = document.errors[0];
  if (problem !== undefined) throw refusal(source, problem.pos[0], problem.message);
  return ConfigSection.of(document.contents, '', source);
}

export class ConfigSection {
  readonly #known = new Set<string>();
  readonly #children: ConfigSection[] = [];

  private constructor(
    private readonly map: YAMLMap | undefined,
    private readonly prefix: string,
    private readonly source: Source,
  ) {}

  /** A section over a node; null and absent are the empty section. */
  static of(node: unknown, prefix: string, source: Source): ConfigSection {
    if (isNothing(node)) return new ConfigSection(undefined, prefix, source);
    if (isMap(node)) return new ConfigSection(node, prefix, source);
    throw refusal(source, startOf(node), `${prefix === '' ? 'the file' : `\`${prefix}\``} must be a mapping`);
  }

  section(key: string): ConfigSection {
    const child = ConfigSection.of(this.#take(key), this.#path(key), this.source);
    this.#children.push(child);
    return child;
  }

  /** The mapping under `key`, whose names the operator chose, read entry by entry and sorted by name. */
  entries<T>(key: string, read: (entry: ConfigSection) => T): ReadonlyMap<string, T> {
    const parent = ConfigSection.of(this.#take(key), this.#path(key), this.source);
    const pairs = (parent.map?.items ?? []).map((pair): readonly [string, T] => {
      const name = nameOf(pair.key, this.source);
      const child = ConfigSection.of(pair.value, parent.#path(name), this.source);
      this.#children.push(child);
      return [name, read(child)];
    });
    return new Map(pairs.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));
  }

  string(key: string): string | undefined {
    const node = this.#take(key);
    if (isNothing(node)) return undefined;
    return this.#stringOf(node, key);
  }

  requiredString(key: string): string {
    const value = this.string(key);
    if (value !== undefined) return value;
    throw refusal(
      this.source,
      this.map === undefined ? undefined : startOf(this.map),
      `\`${this.#path(key)}\` is required`,
    );
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const node = this.#take(key);
    if (isNothing(node)) return undefined;
    const value = this.#stringOf(node, key);
    const chosen = choices.find((choice) => choice === value);
    if (chosen !== undefined) return chosen;
    throw refusal(this.source, startOf(node), `\`${this.#path(key)}\` must be one of ${choices.join(', ')}`);
  }

  /** A non-negative integer. */
  count(key: string): number | undefined {
    const node = this.#take(key);
    if (isNothing(node)) return undefined;
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
    throw refusal(this.source, startOf(node), `\`${this.#path(key)}\` must be a non-negative integer`);
  }

  strings(key: string): readonly string[] {
    const node = this.#take(key);
    if (isNothing(node)) return [];
    if (!isSeq(node)) throw refusal(this.source, startOf(node), `\`${this.#path(key)}\` must be a list of strings`);
    return node.items.map((item) => this.#stringOf(item, key));
  }

  /** A mapping with string keys whose values are nobody's business here. */
  freeMapping(key: string): void {
    const parent = ConfigSection.of(this.#take(key), this.#path(key), this.source);
    for (const pair of parent.map?.items ?? []) nameOf(pair.key, this.source);
  }

  /** Dotted paths of the keys that were never read, in file order, deepest sections included. */
  unknownKeys(): readonly string[] {
    const own = (this.map?.items ?? [])
      .map((pair) => nameOf(pair.key, this.source))
      .filter((key) => !this.#known.has(key))
      .map((key) => this.#path(key));
    return [...own, ...this.#children.flatMap((child) => child.unknownKeys())];
  }

  #take(key: string): unknown {
    this.#known.add(key);
    return this.map?.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;
  }

  #path(key: string): string {
    return this.prefix === '' ? key : `${this.prefix}.${key}`;
  }

  #stringOf(node: unknown, key: string): string {
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === 'string') return value;
    throw refusal(this.source, startOf(node), `\`${this.#path(key)}\` must be a string`);
  }
}

const isNothing = (node: unknown): boolean =>
  node === null || node === undefined || (isScalar(node) && node.value === null);

const startOf = (node: unknown): number | undefined => (node as Partial<Node> | null | undefined)?.range?.[0];

function nameOf(key: unknown, source: Source): string {
  const value = isScalar(key) ? key.value : undefined;
  if (typeof value === 'string') return value;
  throw refusal(source, startOf(key), 'a key must be a string; quote it');
}

function refusal(source: Source, offset: number | undefined, what: string): Failure {
  const place = offset === undefined ? undefined : source.lines.linePos(offset);
  const at = place === undefined ? source.path : `${source.path}:${place.line}:${place.col}`;
  return new Failure(`could not parse ${at}: ${what}`);
}
