/**
 * Collects the records of one type into columns, converting each cell on the way, and keeps the per-type limits of
 * engine.md §22 while it does, so that an oversized file is refused before it is held in memory.
 */
import { canonicalText, type EdgeType, type NodeType, type PropType, type Value } from 'omnigraph-language';
import { type EntityBatch, typeKey } from '../constraints/entity-batch.js';
import { type GraphError, limitExceeded } from '../graph-error.js';
import type { LoadMode } from '../types.js';
import { type Converter, converterFor, NEEDS_EXACT, Refusal } from './json-value.js';
import { exactData, preview, refused, type SourceRecord } from './record.js';
import { textBytes, valueBytes } from './value-bytes.js';

export const MAX_ENTITIES = 8192;
export const MAX_TYPE_BYTES = 32 * 1024 * 1024;

/** The records of one type in a file. */
export interface ParsedType {
  /** One row per input line, in input order; ids may repeat. */
  readonly batch: EntityBatch;
  /** Some id was given rather than made, so ids may repeat. Keyed nodes always count as given. */
  readonly mayRepeat: boolean;
}

interface ColumnBuilder {
  readonly name: string;
  readonly type: PropType;
  readonly convert: Converter;
  readonly values: Value[];
}

export class BatchBuilder {
  readonly #type: NodeType | EdgeType;
  readonly #key: string;
  readonly #mode: LoadMode;
  readonly #newId: () => string;
  readonly #columns: readonly ColumnBuilder[];
  readonly #keyColumns: readonly ColumnBuilder[];
  readonly #ids: string[] = [];
  readonly #src: string[] = [];
  readonly #dst: string[] = [];
  readonly #lines: number[] = [];
  /** Rows that get a fresh id in the end: made in one go, ids of one millisecond cost a tenth. */
  readonly #unnamed: number[] = [];
  #explicitIds = false;
  #bytes = 0;
  #blobBytes = 0;

  constructor(type: NodeType | EdgeType, mode: LoadMode, newId: () => string) {
    this.#type = type;
    this.#key = typeKey(type);
    this.#mode = mode;
    this.#newId = newId;
    this.#columns = [...type.properties.values()].map((property) => ({
      name: property.name,
      type: property.type,
      convert: converterFor(property.type),
      values: [],
    }));
    const key = type.kind === 'node' ? (type.key ?? []) : [];
    this.#keyColumns = key.flatMap((name) => this.#columns.filter((column) => column.name === name));
  }

  add(record: SourceRecord): void {
    this.#refuseEntityOverflow();
    for (const column of this.#columns) column.values.push(this.#cell(column, record));
    this.#ids.push(this.#id(record));
    this.#lines.push(record.line);
    if (record.endpoints !== undefined) {
      this.#src.push(record.endpoints.from);
      this.#dst.push(record.endpoints.to);
      this.#bytes += textBytes(record.endpoints.from) + textBytes(record.endpoints.to);
    }
    this.#refuseByteOverflow();
  }

  finish(): ParsedType {
    for (const row of this.#unnamed) this.#ids[row] = this.#newId();
    const batch: EntityBatch = {
      type: this.#type,
      length: this.#ids.length,
      ids: this.#ids,
      ...(this.#type.kind === 'edge' ? { endpoints: { src: this.#src, dst: this.#dst } } : {}),
      columns: new Map(this.#columns.map((column) => [column.name, column.values])),
      lines: this.#lines,
    };
    return { batch, mayRepeat: this.#explicitIds || this.#keyColumns.length > 0 };
  }

  #cell(column: ColumnBuilder, record: SourceRecord): Value {
    const raw = Object.hasOwn(record.data, column.name) ? record.data[column.name] : null;
    if (raw === null) {
      if (column.type.nullable) return null;
      throw this.#invalid(record, `non-nullable property '${column.name}' has null or invalid values, got null`);
    }
    let value = column.convert(raw, record.scan.fractional ? 'unsure' : 'plain');
    if (value === NEEDS_EXACT) value = column.convert(exactData(record)[column.name], 'exact');
    if (typeof value === 'symbol') throw new Error('a converter asked for exact numbers twice');
    if (value instanceof Refusal) {
      throw this.#invalid(
        record,
        `property '${column.name}': ${value.reason}, got ${preview(exactData(record)[column.name])}`,
      );
    }
    const bytes = valueBytes(column.type, value);
    if (column.type.scalar === 'Blob') this.#blobBytes += bytes;
    else this.#bytes += bytes;
    return value;
  }

  #id(record: SourceRecord): string {
    const given = record.explicitId;
    if (this.#keyColumns.length > 0) {
      const id = this.#canonicalKey();
      this.#bytes += textBytes(id);
      if (given === undefined || given === id) return id;
      throw this.#invalid(record, `id ${preview(given)} does not equal the key's canonical id ${preview(id)}`);
    }
    if (given === undefined) {
      this.#unnamed.push(this.#ids.length);
      return '';
    }
    this.#explicitIds = true;
    this.#bytes += textBytes(given);
    return given;
  }

  #canonicalKey(): string {
    const texts = this.#keyColumns.map((column) => {
      const value = column.values.at(-1) ?? null;
      return typeof value === 'string' ? value : canonicalText(column.type, value);
    });
    const [only] = texts;
    return texts.length === 1 && only !== undefined ? only : JSON.stringify(texts);
  }

  /** `overwrite` has no entity cap. */
  #refuseEntityOverflow(): void {
    if (this.#mode === 'overwrite' || this.#ids.length < MAX_ENTITIES) return;
    throw limitExceeded(`keyed entities for ${this.#key}`, MAX_ENTITIES, this.#ids.length + 1);
  }

  #refuseByteOverflow(): void {
    if (this.#bytes > MAX_TYPE_BYTES) {
      const resource =
        this.#mode === 'overwrite' ? 'strict_input_arrow_bytes' : `keyed parsed entity bytes for ${this.#key}`;
      throw limitExceeded(resource, MAX_TYPE_BYTES, this.#bytes);
    }
    if (this.#blobBytes > MAX_TYPE_BYTES) {
      throw limitExceeded(`decoded blob input bytes for ${this.#key}`, MAX_TYPE_BYTES, this.#blobBytes);
    }
  }

  #invalid(record: SourceRecord, problem: string): GraphError {
    return refused(record.line, `${this.#key}: ${problem}`);
  }
}
