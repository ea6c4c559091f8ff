/**
 * A strict reader over YAML's syntax tree: every value keeps its place, a repeated key is an error (flow maps
 * included), a key nobody knows is an error, and a value of another type is an error, never a coercion.
 */
import { type Document, isMap, isScalar, isSeq, type ParsedNode, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Diagnostic, LineIndex, type SourceRange } from '../diagnostics/index.js';
import { type Located, parseYaml, rangeOf, resolveAlias } from './syntax.js';

export interface YamlSource {
  readonly document: Document.Parsed;
  readonly lines: LineIndex;
  /** Syntax errors and duplicate keys, in file order. */
  readonly problems: readonly YamlProblem[];
}

interface YamlProblem {
  readonly code: string;
  readonly message: string;
  readonly range: SourceRange;
}

/** Reads one YAML 1.2 document. Never throws. */
export function readYaml(text: string): YamlSource {
  const lines = new LineIndex(text);
  const document = parseYaml(text, { uniqueKeys: true });
  const problems = document.errors.map((error) => ({
    code: error.code,
    message: error.message,
    range: lines.range(error.pos[0], Math.max(1, error.pos[1] - error.pos[0])),
  }));
  return { document, lines, problems };
}

export type Report = (problem: Omit<Diagnostic, 'severity'> & { readonly severity?: Diagnostic['severity'] }) => void;

/** A mapping being read: each accessor consumes one key; `close` reports the keys nobody asked for. */
export class StrictMap {
  readonly #seen = new Set<string>();

  constructor(
    readonly node: YAMLMap,
    /** How messages name this mapping: `rules[0].allow`. Empty for the document itself. */
    readonly name: string,
    private readonly source: YamlSource,
    private readonly report: (message: string, range: SourceRange) => void,
  ) {}

  get range(): SourceRange {
    return rangeOf(this.node, this.source.lines);
  }

  /** The value node of a key; `undefined` when the key is absent. */
  take(key: string): ParsedNode | undefined {
    this.#seen.add(key);
    const pair = this.node.items.find((item) => isScalar(item.key) && item.key.value === key);
    return pair === undefined ? undefined : resolve(pair.value as ParsedNode | null, this.source);
  }

  required(key: string): ParsedNode | undefined {
    const value = this.take(key);
    if (value === undefined) this.report(`missing required key \`${key}\`${this.#within()}`, this.range);
    return value;
  }

  string(key: string): Located<string> | undefined {
    return this.#scalar(key, this.required(key), 'string');
  }

  optionalString(key: string): Located<string> | undefined {
    return this.#scalar(key, this.take(key), 'string');
  }

  integer(key: string): Located<number> | undefined {
    const value = this.#scalar<number>(key, this.required(key), 'number');
    if (value === undefined || Number.isInteger(value.value)) return value;
    this.report(`\`${this.path(key)}\` must be an integer`, value.range);
    return undefined;
  }

  map(key: string, value = this.take(key)): StrictMap | undefined {
    if (value === undefined) return undefined;
    if (isMap(value)) return new StrictMap(value, this.path(key), this.source, this.report);
    this.report(`\`${this.path(key)}\` must be a mapping`, rangeOf(value, this.source.lines));
    return undefined;
  }

  /** The entries of a list; each with its place. */
  list(key: string, value = this.take(key)): readonly ParsedNode[] | undefined {
    if (value === undefined) return undefined;
    if (isSeq(value)) return listItems(value, this.source);
    this.report(`\`${this.path(key)}\` must be a list`, rangeOf(value, this.source.lines));
    return undefined;
  }

  strings(key: string, value = this.take(key)): readonly Located<string>[] | undefined {
    return this.list(key, value)?.flatMap((item, index) => {
      const text = this.#scalar<string>(`${key}[${index}]`, item, 'string');
      return text === undefined ? [] : [text];
    });
  }

  /** Every key of a mapping whose keys the author chooses, with its value. */
  entries(): readonly { readonly key: Located<string>; readonly value: ParsedNode }[] {
    return this.node.items.flatMap((pair) => {
      const key = pair.key as ParsedNode;
      if (!isScalar(key) || typeof key.value !== 'string') {
        this.report(`keys${this.#within()} must be strings`, rangeOf(key, this.source.lines));
        return [];
      }
      this.#seen.add(key.value);
      const value = resolve(pair.value as ParsedNode | null, this.source);
      return value === undefined ? [] : [{ key: { value: key.value, range: rangeOf(key, this.source.lines) }, value }];
    });
  }

  close(): void {
    for (const { key } of this.node.items) {
      const name = isScalar(key) ? String(key.value) : '?';
      if (!this.#seen.has(name))
        this.report(`unknown key \`${name}\`${this.#within()}`, rangeOf(key as ParsedNode, this.source.lines));
    }
  }

  path(key: string): string {
    return this.name === '' ? key : `${this.name}.${key}`;
  }

  #within(): string {
    return this.name === '' ? '' : ` in \`${this.name}\``;
  }

  #scalar<T extends string | number>(
    key: string,
    value: ParsedNode | undefined,
    type: 'string' | 'number',
  ): Located<T> | undefined {
    if (value === undefined) return undefined;
    const range = rangeOf(value, this.source.lines);
    const found: unknown = isScalar(value) ? value.value : undefined;
    if (typeof found === type) return { value: found as T, range };
    this.report(`\`${this.path(key)}\` must be ${type === 'string' ? 'a string' : 'an integer'}`, range);
    return undefined;
  }
}

/** An explicit or implied null is "the key without a value", read as absent. */
function resolve(value: ParsedNode | null, { document }: YamlSource): ParsedNode | undefined {
  const target = resolveAlias(value, document) as ParsedNode | null;
  return target === null || (isScalar(target) && target.value === null) ? undefined : target;
}

const listItems = (list: YAMLSeq, { document }: YamlSource): readonly ParsedNode[] =>
  list.items.flatMap((item) => (resolveAlias(item as ParsedNode, document) as ParsedNode | null) ?? []);
