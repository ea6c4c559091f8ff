/** Parameters: JSON → typed values (query-language.md §9). Pure; every problem is reported, not only the first. */
import type { Checked, Diagnostic } from '../diagnostics/index.js';
import type { ExactJson } from '../json/index.js';
import { displayType, type PropType, vectorDimension } from '../schema/catalog.js';
import type { Value } from '../values/index.js';
import type { QueryParam } from './ir.js';

/**
 * Binds every declared parameter: a name not given binds to null if nullable and is an error otherwise. Values are as
 * in `Value`, except that a Date, a DateTime and a Blob stay the text they were given as, since their text is judged
 * where it is used. Integers come as `bigint` in exact JSON, so `5.0` is told from `5`.
 *
 * `value` is `undefined` exactly when there are diagnostics (stage X: `params-not-an-object`, `missing-parameter`,
 * `invalid-parameter`).
 */
export function bindParams(
  params: readonly QueryParam[],
  json: ExactJson | undefined,
): Checked<ReadonlyMap<string, Value> | undefined> {
  const given = json ?? {};
  if (!isObject(given)) {
    return { value: undefined, diagnostics: [problem('params-not-an-object', 'params must be a JSON object')] };
  }
  const values = new Map<string, Value>();
  const diagnostics: Diagnostic[] = [];
  for (const { name, type } of params) {
    const bound = Object.hasOwn(given, name) ? bindParam(name, type, given[name] ?? null) : bindMissing(name, type);
    if ('problem' in bound) diagnostics.push(bound.problem);
    else values.set(name, bound.value);
  }
  const declared = new Set(params.map(({ name }) => name));
  for (const [name, value] of Object.entries(given)) {
    if (!declared.has(name) && holdsObject(value)) diagnostics.push(refusal(name, 'object is not supported'));
  }
  return diagnostics.length > 0 ? { value: undefined, diagnostics } : { value: values, diagnostics };
}

type Bound = { readonly value: Value } | { readonly problem: Diagnostic };

/** The inside of a `Bound`: a refusal still lacks the parameter's name. */
type Converted = { readonly value: Value } | { readonly refused: string };

function bindMissing(name: string, type: PropType): Bound {
  if (type.nullable) return { value: null };
  return { problem: problem('missing-parameter', `parameter '${name}' not provided`) };
}

function bindParam(name: string, type: PropType, json: ExactJson): Bound {
  if (json === null && type.nullable) return { value: null };
  const converted =
    json === null ? { refused: 'null is not accepted for non-nullable parameter' } : convert(type, json);
  return 'refused' in converted ? { problem: refusal(name, converted.refused) } : converted;
}

function convert(type: PropType, json: NonNullable<ExactJson>): Converted {
  const dimension = vectorDimension(type);
  if (dimension !== undefined) return convertVector(dimension, json);
  if (!type.list) return convertScalar(type.scalar as Exclude<PropType['scalar'], object>, json);
  if (!isArray(json)) return { refused: `expected array for ${displayType(type)}, got ${jsonType(json)}` };
  const items: Value[] = [];
  for (const [index, element] of json.entries()) {
    if (element === null) return { refused: `element ${index}: null is not accepted in a list` };
    const item = convertScalar(type.scalar as Exclude<PropType['scalar'], object>, element);
    if ('refused' in item) return { refused: `element ${index}: ${item.refused}` };
    items.push(item.value);
  }
  return { value: items };
}

function convertScalar(scalar: Exclude<PropType['scalar'], object>, json: NonNullable<ExactJson>): Converted {
  switch (scalar) {
    case 'String':
      return text('string', json);
    case 'Blob':
      return text('blob URI string', json);
    case 'Date':
      return text('date string', json);
    case 'DateTime':
      return text('datetime string', json);
    case 'Bool':
      return typeof json === 'boolean' ? { value: json } : expected('boolean', json);
    case 'I32':
    case 'I64':
    case 'U32':
    case 'U64':
      return convertInteger(scalar, json);
    case 'F32':
    case 'F64':
      return convertFloat(scalar, json);
  }
}

const text = (what: string, json: NonNullable<ExactJson>): Converted =>
  typeof json === 'string' ? { value: json } : expected(what, json);

interface IntegerRule {
  readonly least: bigint;
  readonly most: bigint;
  readonly exceeds: string;
}

/** The engine stores U64 in signed columns, so half of its range is refused. */
const INTEGERS: Readonly<Record<'I32' | 'I64' | 'U32' | 'U64', IntegerRule>> = {
  I32: { least: -(1n << 31n), most: (1n << 31n) - 1n, exceeds: 'exceeds I32' },
  I64: { least: -(1n << 63n), most: (1n << 63n) - 1n, exceeds: 'exceeds I64' },
  U32: { least: 0n, most: (1n << 32n) - 1n, exceeds: 'exceeds U32' },
  U64: { least: 0n, most: (1n << 63n) - 1n, exceeds: 'exceeds current engine range' },
};

const DECIMAL = /^[+-]?\d+$/;
/** Longer than any 64-bit number, short enough to read in no time. */
const MOST_DIGITS = 64;

function convertInteger(scalar: keyof typeof INTEGERS, json: NonNullable<ExactJson>): Converted {
  const { least, most, exceeds } = INTEGERS[scalar];
  const unsigned = least === 0n;
  const what = `${unsigned ? 'unsigned ' : ''}integer (a JSON integer number or a decimal string)`;
  const given = typeof json === 'string' && DECIMAL.test(json) ? decimal(json) : json;
  if (given === 'endless') return { refused: `value ${shortened(String(json))} ${exceeds}` };
  if (typeof given !== 'bigint') return expected(what, json);
  const isBelow = given < least;
  if (!isBelow && given <= most) return { value: scalar === 'I32' || scalar === 'U32' ? Number(given) : given };
  const digits = shortened(String(given));
  if (unsigned && isBelow) return { refused: `expected ${what}, got ${digits}` };
  return { refused: `value ${digits} ${exceeds}` };
}

const shortened = (digits: string): string =>
  digits.length > MOST_DIGITS ? `${digits.slice(0, MOST_DIGITS)}…` : digits;

const decimal = (digits: string): bigint | 'endless' =>
  digits.length > MOST_DIGITS ? 'endless' : BigInt(digits.replace(/^\+/, ''));

function convertFloat(scalar: 'F32' | 'F64', json: NonNullable<ExactJson>): Converted {
  if (typeof json !== 'number' && typeof json !== 'bigint') return expected('float', json);
  const value = scalar === 'F32' ? Math.fround(Number(json)) : Number(json);
  return Number.isFinite(value) ? { value } : { refused: `value ${json} exceeds ${scalar}` };
}

function convertVector(dimension: number, json: NonNullable<ExactJson>): Converted {
  const wanted = `expected ${dimension} value${dimension === 1 ? '' : 's'} for Vector(${dimension})`;
  if (!isArray(json)) return { refused: `${wanted}, got ${jsonType(json)}` };
  if (json.length !== dimension) return { refused: `${wanted}, got ${json.length}` };
  const numbers: number[] = [];
  for (const element of json) {
    if (typeof element !== 'number' && typeof element !== 'bigint') return { refused: 'vector element is not numeric' };
    const value = Math.fround(Number(element));
    if (!Number.isFinite(value)) return { refused: `vector element ${element} exceeds F32` };
    numbers.push(value);
  }
  return { value: numbers };
}

const expected = (what: string, json: ExactJson): Converted => ({ refused: `expected ${what}, got ${jsonType(json)}` });

function jsonType(json: ExactJson): string {
  if (json === null) return 'null';
  if (isArray(json)) return 'array';
  return typeof json === 'bigint' ? 'number' : typeof json;
}

const isArray = (json: ExactJson): json is readonly ExactJson[] => Array.isArray(json);

const isObject = (json: ExactJson): json is { readonly [key: string]: ExactJson } =>
  typeof json === 'object' && json !== null && !isArray(json);

const holdsObject = (json: ExactJson): boolean => isObject(json) || (isArray(json) && json.some(holdsObject));

const refusal = (name: string, message: string): Diagnostic =>
  problem('invalid-parameter', `param '${name}': ${message}`);

const problem = (code: string, message: string): Diagnostic => ({ code, severity: 'error', message, stage: 'X' });
