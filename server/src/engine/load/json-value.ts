/**
 * Strict JSON → `Value` for one declared type (engine.md §7.4). A converter is chosen once per property and run per
 * cell; it answers the value or says what was expected, and the reader adds type, property and line.
 */
import { type PropType, parseDate, parseDateTime, type Value, vectorDimension } from 'omnigraph-language';

/** What a cell that cannot be taken should have been. */
export class Refusal {
  constructor(
    /** A whole clause: `expected I32 integer`, `value exceeds I32`. */
    readonly reason: string,
  ) {}
}

/**
 * How far the numbers of a record can be trusted. `plain`: from `JSON.parse`, none spelled with a fraction or exponent.
 * `unsure`: from `JSON.parse`, and an integral one may have been spelled `3.0`. `exact`: integers are `bigint`s, so
 * every `number` is a float.
 */
export type NumberSpelling = 'plain' | 'unsure' | 'exact';

/** Answers `NEEDS_EXACT` only for spellings other than `exact`. */
export type Converter = (raw: unknown, spelling: NumberSpelling) => Value | Refusal | typeof NEEDS_EXACT;

export const NEEDS_EXACT = Symbol('needs exact numbers');

/** The converter of non-null values of a declared type. */
export function converterFor(type: PropType): Converter {
  const dimension = vectorDimension(type);
  if (dimension !== undefined) return vectorConverter(dimension);
  const scalar = scalarConverter(type);
  return type.list ? listConverter(scalar, String(type.scalar)) : scalar;
}

function scalarConverter(type: PropType): Converter {
  switch (type.scalar) {
    case 'String':
      return type.enum_values === null ? text : enumConverter(type.enum_values);
    case 'Bool':
      return (raw) => (typeof raw === 'boolean' ? raw : new Refusal('expected Bool (true or false)'));
    case 'I32':
      return smallInteger('I32', -2147483648, 2147483647);
    case 'U32':
      return smallInteger('U32', 0, 4294967295);
    case 'I64':
      return bigInteger('I64', -(2n ** 63n), 2n ** 63n - 1n);
    case 'U64':
      return bigInteger('U64', 0n, 2n ** 64n - 1n);
    case 'F32':
      return (raw) => finite('F32', raw, Math.fround);
    case 'F64':
      return (raw) => finite('F64', raw, (value) => value);
    case 'Date':
      return temporal('Date', 'YYYY-MM-DD or integer days', parseDate, smallInteger('Date', -2147483648, 2147483647));
    case 'DateTime':
      return temporal('DateTime', 'an ISO date-time or integer milliseconds', parseDateTime, instant);
    case 'Blob':
      return blob;
    default:
      throw new Error('a vector has its own converter');
  }
}

const text: Converter = (raw) => (typeof raw === 'string' ? raw : new Refusal('expected String'));

function enumConverter(values: readonly string[]): Converter {
  const allowed = new Set(values);
  return (raw) => {
    if (typeof raw !== 'string') return new Refusal(`expected enum(${values.join(', ')})`);
    return allowed.has(raw) ? raw : new Refusal(`invalid enum value '${raw}' (expected: ${values.join(', ')})`);
  };
}

function smallInteger(name: string, min: number, max: number): Converter {
  return (raw, spelling) => {
    if (typeof raw === 'bigint') {
      return raw >= BigInt(min) && raw <= BigInt(max) ? Number(raw) : new Refusal(`value exceeds ${name}`);
    }
    if (!mayBeInteger(raw, spelling)) return new Refusal(`expected ${name} integer`);
    if (spelling === 'unsure') return NEEDS_EXACT;
    if (raw < min || raw > max) return new Refusal(`value exceeds ${name}`);
    return raw + 0;
  };
}

const mayBeInteger = (raw: unknown, spelling: NumberSpelling): raw is number =>
  typeof raw === 'number' && Number.isInteger(raw) && spelling !== 'exact';

function bigInteger(name: string, min: bigint, max: bigint): Converter {
  const inRange = (value: bigint): Value | Refusal =>
    value >= min && value <= max ? value : new Refusal(`value exceeds ${name}`);
  return (raw, spelling) => {
    if (typeof raw === 'bigint') return inRange(raw);
    if (!mayBeInteger(raw, spelling)) return new Refusal(`expected ${name} integer`);
    return spelling === 'unsure' || !Number.isSafeInteger(raw) ? NEEDS_EXACT : inRange(BigInt(raw));
  };
}

/** Milliseconds: as far as a `number` counts exactly. */
const instant = smallInteger('DateTime', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

function finite(name: string, raw: unknown, round: (value: number) => number): Value | Refusal {
  if (typeof raw !== 'number' && typeof raw !== 'bigint') return new Refusal(`expected ${name} number`);
  const value = round(Number(raw));
  return Number.isFinite(value) ? value : new Refusal(`value exceeds ${name}`);
}

function temporal(
  name: string,
  forms: string,
  parse: (text: string) => number | undefined,
  integer: Converter,
): Converter {
  const refusal = new Refusal(`expected ${name} (${forms})`);
  return (raw, spelling) => {
    if (typeof raw === 'string') return parse(raw) ?? refusal;
    return typeof raw === 'bigint' || mayBeInteger(raw, spelling) ? integer(raw, spelling) : refusal;
  };
}

const BASE64 = 'base64:';

const blob: Converter = (raw) => {
  if (typeof raw !== 'string') return new Refusal('expected Blob (base64: and standard base64 text)');
  return blobValue(raw);
};

/** Managed bytes of `base64:…`; anything else is an external URI, which the default policy denies (engine.md §15). */
export function blobValue(raw: string): Value | Refusal {
  if (!raw.startsWith(BASE64)) {
    return new Refusal(
      "external blob URI is denied by the graph's external blob policy (mode deny); give the bytes as base64:…",
    );
  }
  const encoded = raw.slice(BASE64.length);
  const bytes = Buffer.from(encoded, 'base64');
  // Node's decoder skips what it does not know; only canonical text survives the way back.
  return bytes.toString('base64') === encoded
    ? { bytes: new Uint8Array(bytes) }
    : new Refusal('invalid base64: expected the standard alphabet with padding');
}

function listConverter(item: Converter, name: string): Converter {
  return (raw, spelling) => {
    if (!Array.isArray(raw)) return new Refusal(`expected [${name}] array`);
    const items: Value[] = [];
    for (const [index, element] of raw.entries()) {
      if (element === null) return new Refusal(`list item ${index} is null`);
      const value = item(element, spelling);
      if (value instanceof Refusal) return new Refusal(`list item ${index}: ${value.reason}`);
      if (typeof value === 'symbol') return value;
      items.push(value);
    }
    return items;
  };
}

function vectorConverter(dimension: number): Converter {
  return (raw) => {
    if (!Array.isArray(raw)) return new Refusal(`expected Vector(${dimension}) array`);
    if (raw.length !== dimension) return new Refusal(`expected ${dimension} values, got ${raw.length}`);
    const values: number[] = new Array<number>(dimension);
    for (let index = 0; index < dimension; index += 1) {
      const value = finite('F32', raw[index], Math.fround);
      if (value instanceof Refusal) return new Refusal(`vector element ${index} is not numeric: ${value.reason}`);
      values[index] = value as number;
    }
    return values;
  };
}
