/**
 * Strict reading of the stored JSON objects. Nothing is guessed: whatever is missing, of another type or of an unknown
 * version is a `GraphError` naming the object (engine.md §20).
 */
import { GraphError } from '../graph-error.js';

export class JsonObject {
  private constructor(
    /** The stored object, as people find it. */
    readonly source: string,
    readonly members: ReadonlyMap<string, unknown>,
  ) {}

  /** Throws a `GraphError` (`internal`) naming `source` when the bytes are not one JSON object. */
  static parse(source: string, bytes: Uint8Array): JsonObject {
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch (error) {
      throw corrupt(source, error instanceof Error ? error.message : String(error));
    }
    return JsonObject.of(source, value);
  }

  static of(source: string, value: unknown): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw corrupt(source, 'not a JSON object');
    return new JsonObject(source, new Map(Object.entries(value)));
  }

  text(name: string): string {
    const value = this.members.get(name);
    return typeof value === 'string' ? value : this.#refuse(name, 'a string');
  }

  textOrNull(name: string): string | null {
    return this.members.get(name) === null ? null : this.text(name);
  }

  /** A non-negative integer. */
  count(name: string): number {
    const value = this.members.get(name);
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? value
      : this.#refuse(name, 'a non-negative integer');
  }

  object(name: string): JsonObject {
    return JsonObject.of(`${this.source}, '${name}'`, this.members.get(name));
  }

  objectOrNull(name: string): JsonObject | null {
    return this.members.get(name) === null ? null : this.object(name);
  }

  objects(name: string): readonly JsonObject[] {
    const value = this.members.get(name);
    if (!Array.isArray(value)) return this.#refuse(name, 'an array');
    return value.map((item, at) => JsonObject.of(`${this.source}, '${name}' ${at}`, item));
  }

  /** Throws unless the version member `name` is `expected`. */
  expectVersion(name: string, expected: number): void {
    const found = this.count(name);
    if (found !== expected) throw corrupt(this.source, `unknown ${name} ${found}; this version reads ${expected}`);
  }

  #refuse(name: string, expected: string): never {
    throw corrupt(this.source, `'${name}' must be ${expected}`);
  }
}

export const jsonBytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

const corrupt = (source: string, problem: string): GraphError =>
  new GraphError('internal', `corrupt object ${source}: ${problem}`);
