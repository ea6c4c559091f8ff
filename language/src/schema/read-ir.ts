/**
 * Reads the identities out of a stored IR. Fails closed: whatever is not exactly as this version writes it is refused,
 * never repaired. schema-language.md §11.
 */
import type { Identities } from './identity.js';
import { IR_VERSION } from './ir.js';

interface StoredIdentities {
  readonly domain: string;
  readonly identities: Identities;
}

/** What a stored IR says wrong, at which place of its JSON. */
export class InvalidIr extends Error {
  override readonly name = 'InvalidIr';
  constructor(
    readonly place: string,
    problem: string,
  ) {
    super(`${place}: ${problem}`);
  }
}

const DOMAIN = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** The identities of a stored IR. Throws `InvalidIr` naming the place. Whether its meaning is right is judged by rebuilding it. */
export function readIdentities(stored: unknown): StoredIdentities {
  const ir = record(stored, 'the IR');
  const version = ir.get('ir_version');
  if (Number(version) !== IR_VERSION)
    throw new InvalidIr('ir_version', `expected ${IR_VERSION}, found ${String(version)}`);
  const domain = ir.get('schema_identity_domain');
  if (typeof domain !== 'string' || !DOMAIN.test(domain)) {
    throw new InvalidIr('schema_identity_domain', 'not a canonical upper-case ULID');
  }
  const next = identity(ir.get('next_identity_id'), 'next_identity_id');
  const seen = new Set<number>();
  const claim = (value: unknown, place: string): number => {
    const id = identity(value, place);
    if (id >= next) throw new InvalidIr(place, `identity ${id} is not below next_identity_id ${next}`);
    if (seen.has(id)) throw new InvalidIr(place, `identity ${id} is given twice`);
    seen.add(id);
    return id;
  };
  const types = new Map<string, number>();
  const properties = new Map<string, ReadonlyMap<string, number>>();
  const incarnations = new Map<string, number>();
  for (const [kind, member] of [
    ['interface', 'interfaces'] as const,
    ['node', 'nodes'] as const,
    ['edge', 'edges'] as const,
  ]) {
    for (const [name, type, place] of named(ir.get(member), member)) {
      const key = `${kind}:${name}`;
      types.set(key, claim(type.get('type_id'), `${place}.type_id`));
      if (kind !== 'interface') {
        incarnations.set(key, claim(type.get('table_incarnation_id'), `${place}.table_incarnation_id`));
      }
      const ids = new Map<string, number>();
      for (const [propertyName, property, propertyPlace] of named(type.get('properties'), `${place}.properties`)) {
        ids.set(propertyName, claim(property.get('property_id'), `${propertyPlace}.property_id`));
      }
      properties.set(key, ids);
    }
  }
  return { domain, identities: { types, properties, incarnations, next } };
}

/** The first place where two JSON values differ, or undefined. Numbers and bigints of one value are equal. */
export function firstDifference(left: unknown, right: unknown, place = ''): string | undefined {
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      const found = firstDifference(left[index], right[index], `${place}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isObject(left) && isObject(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const [mine, theirs] = [ownValue(left, key), ownValue(right, key)];
      const found = firstDifference(mine, theirs, place === '' ? key : `${place}.${key}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (left === right || (isNumeric(left) && isNumeric(right) && String(left) === String(right))) return undefined;
  return place;
}

function* named(
  value: unknown,
  place: string,
): Generator<readonly [name: string, members: ReadonlyMap<string, unknown>, place: string]> {
  if (!Array.isArray(value)) throw new InvalidIr(place, 'not a list');
  let previous: string | undefined;
  for (const [index, item] of value.entries()) {
    const at = `${place}[${index}]`;
    const members = record(item, at);
    const name = members.get('name');
    if (typeof name !== 'string') throw new InvalidIr(`${at}.name`, 'not a text');
    if (previous !== undefined && name <= previous) {
      throw new InvalidIr(at, name === previous ? `'${name}' is listed twice` : 'the list is not sorted by name');
    }
    previous = name;
    yield [name, members, at];
  }
}

function record(value: unknown, place: string): ReadonlyMap<string, unknown> {
  if (!isObject(value)) throw new InvalidIr(place, 'not an object');
  return new Map(Object.entries(value));
}

function identity(value: unknown, place: string): number {
  const id = typeof value === 'bigint' ? Number(value) : value;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) {
    throw new InvalidIr(place, 'not a positive whole number up to 2^53');
  }
  return id;
}

const isNumeric = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ownValue = (value: object, key: string): unknown => Object.getOwnPropertyDescriptor(value, key)?.value;
