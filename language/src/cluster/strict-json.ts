/**
 * Strict reading of stored JSON documents: a missing or mistyped member and a member nobody knows both refuse the whole
 * document, naming where (cluster.md §8). Decoders throw `Refusal` to unwind; `decodeJson` is the only way in and turns
 * it into a value, so nothing escapes.
 */
import { sortedMap } from './address.js';
import type { JsonValue } from './json-text.js';

type JsonReading<T> =
  | { readonly kind: 'value'; readonly value: T }
  /** Torn, truncated, empty: no JSON at all. */
  | { readonly kind: 'not_json'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string };

class Refusal extends Error {}

/** Parses a text and decodes it. `decode` may refuse through the accessors of `JsonObject`. */
export function decodeJson<T>(text: string, decode: (document: JsonObject) => T): JsonReading<T> {
  let parsed: JsonValue;
  try {
    parsed = JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'not_json', message: error.message };
    throw error;
  }
  try {
    return { kind: 'value', value: decode(JsonObject.of(parsed, '')) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    throw error;
  }
}

/** One JSON object being read: each accessor consumes a member, `close` refuses whatever is left. */
export class JsonObject {
  readonly #members: Map<string, JsonValue>;

  private constructor(
    object: { readonly [key: string]: JsonValue },
    readonly at: string,
  ) {
    this.#members = new Map(Object.entries(object));
  }

  static of(value: JsonValue, at: string): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Refusal(`${at === '' ? 'the document' : at} must be an object`);
    }
    return new JsonObject(value as { readonly [key: string]: JsonValue }, at);
  }

  refuse(key: string, expected: string): never {
    throw new Refusal(`${this.#path(key)} ${expected}`);
  }

  has(key: string): boolean {
    return this.#members.has(key);
  }

  take(key: string): JsonValue | undefined {
    const value = this.#members.get(key);
    this.#members.delete(key);
    return value;
  }

  string(key: string): string {
    return this.optionalString(key) ?? this.refuse(key, 'is missing');
  }

  optionalString(key: string): string | undefined {
    const value = this.take(key);
    if (value === undefined || typeof value === 'string') return value;
    return this.refuse(key, 'must be a string');
  }

  /** A missing member counts as null. */
  nullableString(key: string): string | null {
    const value = this.take(key) ?? null;
    return value === null || typeof value === 'string' ? value : this.refuse(key, 'must be a string or null');
  }

  integer(key: string): number {
    return this.optionalInteger(key) ?? this.refuse(key, 'is missing');
  }

  optionalInteger(key: string): number | undefined {
    return this.nullableInteger(key) ?? undefined;
  }

  nullableInteger(key: string): number | null {
    const value = this.take(key) ?? null;
    if (value === null) return null;
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? value
      : this.refuse(key, 'must be a non-negative integer');
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T {
    const text = this.string(key);
    return allowed.find((word) => word === text) ?? this.refuse(key, `must be one of ${allowed.join(', ')}`);
  }

  optionalStrings(key: string): readonly string[] | undefined {
    const value = this.take(key);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.refuse(key, 'must be a list of strings');
    return value.map((item) => (typeof item === 'string' ? item : this.refuse(key, 'must be a list of strings')));
  }

  object(key: string): JsonObject | undefined {
    const value = this.take(key);
    return value === undefined ? undefined : JsonObject.of(value, this.#path(key));
  }

  objects(key: string): readonly JsonObject[] {
    const value = this.take(key);
    if (!Array.isArray(value)) return this.refuse(key, 'must be a list of objects');
    return value.map((item: JsonValue, at) => JsonObject.of(item, `${this.#path(key)}[${at}]`));
  }

  /** A member whose keys are user-chosen names, in code-unit order whatever the document's; absent is empty. */
  map<T>(key: string, decode: (value: JsonValue, at: string) => T): ReadonlyMap<string, T> {
    const object = this.object(key);
    if (object === undefined) return new Map();
    return sortedMap(
      [...object.#members].map(([name, value]) => [name, decode(value, `${object.at}.${name}`)] as const),
    );
  }

  /** Refuses members that no accessor asked for. */
  close(): void {
    const [unknown] = this.#members.keys();
    if (unknown !== undefined) throw new Refusal(`unknown field ${this.#path(unknown)}`);
  }

  #path(key: string): string {
    return this.at === '' ? key : `${this.at}.${key}`;
  }
}
