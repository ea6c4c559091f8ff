/**
 * One NDJSON line → one record whose envelope is sound (engine.md §7.1): which type it is of, its endpoints, its id if
 * given and its data members, still as JSON. Every refusal names the line.
 */
import {
  type Catalog,
  type EdgeType,
  type ExactJson,
  findEdge,
  type NodeType,
  parseExactJson,
  stringifyExactJson,
} from 'omnigraph-language';
import { typeKey } from '../constraints/entity-batch.js';
import { GraphError, limitExceeded } from '../graph-error.js';
import { countMembers, findDuplicateMember, type LineScan, scanLine } from './line-scan.js';

export interface SourceRecord {
  readonly line: number;
  readonly type: NodeType | EdgeType;
  /** Edges only. */
  readonly endpoints: { readonly from: string; readonly to: string } | undefined;
  readonly explicitId: string | undefined;
  /** Own members of `data`, `id` included. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly scan: LineScan;
  /** The whole line. */
  readonly text: string;
}

/** `data` again, with integers as `bigint`s. */
export const exactData = (record: SourceRecord): Readonly<Record<string, ExactJson>> =>
  (parseExactJson(record.text) as { readonly data: Readonly<Record<string, ExactJson>> }).data;

/** Structure marks per line + 1 (engine.md §22). */
export const MAX_STRUCTURAL_SLOTS = 131_072;

/** As deep as the strictest common JSON readers go; valid records need three levels. */
const MAX_DEPTH = 128;

const RESERVED = new Set([
  '_tombstone',
  '_rowid',
  '_rowaddr',
  '_rowoffset',
  '_row_created_at_version',
  '_row_last_updated_at_version',
]);

const BLANK = /^[\t\n\v\f\r ]*$/;

/** Reads records of one catalog. The scan result is reused: a record is only good until the next call. */
export class RecordReader {
  readonly #nodes: ReadonlyMap<string, NodeType>;
  readonly #catalog: Catalog;
  readonly #edges = new Map<string, EdgeType>();
  readonly #scan: LineScan = { marks: 0, members: 0, depth: 0, fractional: false, escaped: false };

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#nodes = catalog.nodes;
  }

  /** `undefined` for a blank line. */
  read(text: string, line: number): SourceRecord | undefined {
    if (text.length < 8 && BLANK.test(text)) return undefined;
    const scan = scanLine(text, this.#scan);
    refuseTooManyMarks(scan.marks + 1, line);
    if (scan.depth > MAX_DEPTH) throw invalidJson(line, `nested deeper than ${MAX_DEPTH} levels`);
    const value = parseLine(text, line);
    if (value === undefined) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw refused(line, 'a record must be one JSON object');
    }
    const record = value as Readonly<Record<string, unknown>>;
    refuseDuplicates(text, record, scan, line);
    if (scan.escaped && hasLoneSurrogate(record)) throw invalidJson(line, 'an unpaired surrogate escape');
    return this.#envelope(text, record, scan, line);
  }

  #envelope(text: string, record: Readonly<Record<string, unknown>>, scan: LineScan, line: number): SourceRecord {
    const isNode = Object.hasOwn(record, 'type');
    if (isNode === Object.hasOwn(record, 'edge')) throw refused(line, "exactly one of 'type' and 'edge' is required");
    for (const member of Object.keys(record)) {
      if (member === 'data' || member === (isNode ? 'type' : 'edge')) continue;
      if (!isNode && (member === 'from' || member === 'to')) continue;
      if (RESERVED.has(member)) throw refused(line, `member '${member}' is reserved`);
      throw refused(line, `unknown member '${member}'`);
    }
    const typeName = stringField(record, isNode ? 'type' : 'edge', line);
    const endpoints = isNode
      ? undefined
      : { from: stringField(record, 'from', line), to: stringField(record, 'to', line) };
    const data = dataField(record, line);
    const type = isNode ? this.#nodeType(typeName, line) : this.#edgeType(typeName, line);
    const explicitId = checkDataMembers(type, data, line);
    return { line, type, endpoints, explicitId, data, scan, text };
  }

  #nodeType(name: string, line: number): NodeType {
    const type = this.#nodes.get(name);
    if (type === undefined) throw refused(line, `unknown node type '${name}'`);
    return type;
  }

  #edgeType(name: string, line: number): EdgeType {
    const known = this.#edges.get(name) ?? findEdge(this.#catalog, name);
    if (known === undefined) throw refused(line, `unknown edge type '${name}'`);
    this.#edges.set(name, known);
    return known;
  }
}

function parseLine(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
    if (BLANK.test(text)) return undefined;
    throw invalidJson(line, problem.message);
  }
}

function refuseTooManyMarks(slots: number, line: number): void {
  if (slots <= MAX_STRUCTURAL_SLOTS) return;
  const resource = 'graph_batch_json_structural_slots';
  throw limitExceeded(resource, MAX_STRUCTURAL_SLOTS, slots, `split the record of line ${line}`);
}

/** As many members were written as were kept, or a name came twice. The flat case needs no walk. */
function refuseDuplicates(text: string, record: Readonly<Record<string, unknown>>, scan: LineScan, line: number): void {
  const data = Object.hasOwn(record, 'data') ? record.data : undefined;
  const flat = Object.keys(record).length + (typeof data === 'object' && data !== null ? Object.keys(data).length : 0);
  if (flat === scan.members && !Array.isArray(data)) return;
  if (countMembers(record) === scan.members) return;
  throw invalidJson(line, `duplicate member '${findDuplicateMember(text) ?? ''}'`);
}

/** Half of a surrogate pair in some text of a JSON value: no UTF-8 spells it, so it could not be stored as it is. */
export function hasLoneSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => hasLoneSurrogate(name) || hasLoneSurrogate(member));
}

function stringField(record: Readonly<Record<string, unknown>>, field: string, line: number): string {
  if (!Object.hasOwn(record, field)) throw refused(line, `field '${field}' is required`);
  const value = record[field];
  if (typeof value !== 'string') throw refused(line, `field '${field}': expected string, got ${preview(value)}`);
  return value;
}

const NO_DATA: Readonly<Record<string, unknown>> = {};

function dataField(record: Readonly<Record<string, unknown>>, line: number): Readonly<Record<string, unknown>> {
  if (!Object.hasOwn(record, 'data')) return NO_DATA;
  const data = record.data;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw refused(line, `field 'data' must be an object, got ${preview(data)}`);
  }
  return data as Readonly<Record<string, unknown>>;
}

/** The id given, if any. */
function checkDataMembers(
  type: NodeType | EdgeType,
  data: Readonly<Record<string, unknown>>,
  line: number,
): string | undefined {
  let id: string | undefined;
  for (const member of Object.keys(data)) {
    if (type.properties.has(member)) continue;
    if (member === 'id') {
      const value = data.id;
      if (typeof value !== 'string') {
        throw refused(line, `${typeKey(type)}: field 'data.id' must be a string, got ${preview(value)}`);
      }
      id = value;
    } else if (type.kind === 'edge' && (member === 'src' || member === 'dst')) {
      throw refused(line, `${typeKey(type)}: '${member}' is a reserved structural field; use 'from' and 'to'`);
    } else if (RESERVED.has(member)) {
      throw refused(line, `${typeKey(type)}: member '${member}' is reserved`);
    } else {
      throw refused(line, `unknown member '${member}' in data of ${typeKey(type)}`);
    }
  }
  return id;
}

const PREVIEW_LENGTH = 80;

/** A JSON value as short as a message can bear. A number that is no `bigint` was written with a fraction or exponent. */
export function preview(value: unknown): string {
  const text =
    typeof value === 'number' ? floatText(value) : value === undefined ? 'nothing' : stringifyExactJson(value);
  return text.length <= PREVIEW_LENGTH ? text : `${text.slice(0, PREVIEW_LENGTH)}…`;
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) return 'a number beyond F64';
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(1) : String(value);
}

export const refused = (line: number, problem: string): GraphError =>
  new GraphError('bad_request', `line ${line}: ${problem}`);

const invalidJson = (line: number, cause: string): GraphError => refused(line, `invalid JSON: ${cause}`);
