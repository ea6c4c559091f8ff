/**
 * Stable identities: which accepted type or property a desired one is, and numbers for the new ones from the graph's
 * one counter. Numbers are never reused. schema-language.md §12.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import type { Catalog, EdgeType, InterfaceType, NodeType, Property } from './catalog.js';
import type { TypeKind } from './migration-plan.js';
import { byName, type ShapeSource } from './shape.js';

export type SchemaType = InterfaceType | NodeType | EdgeType;

/** The numbers of one catalog. Types are keyed `kind:name`, since kinds are separate name spaces. */
export interface Identities {
  readonly types: ReadonlyMap<string, number>;
  readonly properties: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Nodes and edges only. */
  readonly incarnations: ReadonlyMap<string, number>;
  /** The next free number. */
  readonly next: number;
}

interface IdentityMatch {
  /** Absent when a hint is wrong: no desired declaration may then be taken for another. */
  readonly identities?: Identities;
  readonly diagnostics: readonly Diagnostic[];
}

const FIRST_IDENTITY = 1;

export const typeKey = (type: { readonly kind: TypeKind; readonly name: string }): string =>
  `${type.kind}:${type.name}`;

/** Interfaces, nodes, edges, each by name: the order of allocation and of plans. */
export function typesInOrder(catalog: ShapeSource): readonly SchemaType[] {
  return [...byName(catalog.interfaces), ...byName(catalog.nodes), ...byName(catalog.edges)];
}

/** The numbers a bound catalog carries. Throws when it is unbound, which only a bug can cause. */
export function identitiesOf(catalog: Catalog, next: number): Identities {
  const types = new Map<string, number>();
  const properties = new Map<string, ReadonlyMap<string, number>>();
  const incarnations = new Map<string, number>();
  for (const type of typesInOrder(catalog)) {
    types.set(typeKey(type), boundId(type.typeId, typeKey(type)));
    properties.set(
      typeKey(type),
      new Map([...type.properties.values()].map(({ name, propertyId }) => [name, boundId(propertyId, name)])),
    );
    if (type.kind !== 'interface') incarnations.set(typeKey(type), boundId(type.tableIncarnationId, typeKey(type)));
  }
  return { types, properties, incarnations, next };
}

export function boundId(id: number | undefined, what: string): number {
  if (id === undefined) throw new Error(`the catalog is unbound: ${what} has no identity`);
  return id;
}

/** Numbers for a new graph. Every rename hint is inert and gets a warning. */
export function allocateIdentities(desired: Catalog): IdentityMatch {
  const none: Identities = { types: new Map(), properties: new Map(), incarnations: new Map(), next: FIRST_IDENTITY };
  const diagnostics = typesInOrder(desired).flatMap((type) => [
    ...hintWarnings(type, typeKey(type), 'inert_initialization_rename_hint'),
    ...byName(type.properties).flatMap((property) =>
      hintWarnings(hinted(property, type), `${typeKey(type)}.${property.name}`, 'inert_initialization_rename_hint'),
    ),
  ]);
  return withNewIdentities(desired, none, none.next, diagnostics);
}

/** Matches a desired catalog to accepted identities: the same name, else the rename hint, else new. */
export function matchIdentities(accepted: Identities, desired: Catalog): IdentityMatch {
  const diagnostics: Diagnostic[] = [];
  const matched = matchTypes(accepted, desired, diagnostics);
  const properties = new Map<string, ReadonlyMap<string, number>>();
  for (const type of typesInOrder(desired)) {
    const owner = matched.get(typeKey(type));
    properties.set(typeKey(type), matchProperties({ type, owner, accepted, diagnostics }));
  }
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return { diagnostics };
  const types = new Map<string, number>();
  const incarnations = new Map<string, number>();
  for (const [desiredKey, acceptedKey] of matched) {
    const id = accepted.types.get(acceptedKey);
    if (id !== undefined) types.set(desiredKey, id);
    const incarnation = accepted.incarnations.get(acceptedKey);
    if (incarnation !== undefined) incarnations.set(desiredKey, incarnation);
  }
  return withNewIdentities(
    desired,
    { types, properties, incarnations, next: accepted.next },
    accepted.next,
    diagnostics,
  );
}

/** Desired type key → accepted type key. */
function matchTypes(accepted: Identities, desired: Catalog, diagnostics: Diagnostic[]): ReadonlyMap<string, string> {
  const matched = new Map<string, string>();
  const claims = new Map<string, string>();
  const types = typesInOrder(desired);
  for (const type of types) {
    const key = typeKey(type);
    if (!accepted.types.has(key)) continue;
    matched.set(key, key);
    claims.set(key, key);
    diagnostics.push(...hintWarnings(type, key, 'ignored_exact_match_rename_hint'));
  }
  for (const type of types) {
    const key = typeKey(type);
    if (matched.has(key) || type.renameFrom === null) continue;
    const oldKey = `${type.kind}:${type.renameFrom}`;
    const problem = typeHintProblem(type, oldKey, accepted, claims);
    if (problem !== undefined) {
      diagnostics.push(identityError(type, key, problem.code, problem.message));
      continue;
    }
    matched.set(key, oldKey);
    claims.set(oldKey, key);
  }
  return matched;
}

interface HintProblem {
  readonly code: string;
  readonly message: string;
}

function typeHintProblem(
  type: SchemaType,
  oldKey: string,
  accepted: Identities,
  claims: ReadonlyMap<string, string>,
): HintProblem | undefined {
  const { renameFrom, kind } = type;
  if (accepted.types.has(oldKey)) {
    if (!claims.has(oldKey)) return undefined;
    return {
      code: 'rename-hint-claimed-twice',
      message: `accepted ${kind} '${renameFrom}' is claimed by more than one declaration`,
    };
  }
  const kinds: readonly TypeKind[] = ['interface', 'node', 'edge'];
  const elsewhere = kinds.find((other) => accepted.types.has(`${other}:${renameFrom}`));
  return elsewhere === undefined
    ? {
        code: 'unknown-rename-hint',
        message: `the rename hint '${renameFrom}' on ${kind} '${type.name}' names nothing in the accepted schema`,
      }
    : {
        code: 'rename-hint-crosses-kinds',
        message: `a rename cannot cross declaration kinds: '${renameFrom}' is accepted as ${elsewhere}, not as ${kind}`,
      };
}

interface OwnerMatch {
  readonly type: SchemaType;
  /** Key of the accepted type it is, if any. */
  readonly owner: string | undefined;
  readonly accepted: Identities;
  readonly diagnostics: Diagnostic[];
}

function matchProperties(match: OwnerMatch): ReadonlyMap<string, number> {
  const { type, owner, accepted, diagnostics } = match;
  const known = (owner === undefined ? undefined : accepted.properties.get(owner)) ?? new Map<string, number>();
  const ids = new Map<string, number>();
  const claimed = new Set<string>();
  const properties = byName(type.properties);
  for (const property of properties) {
    const id = known.get(property.name);
    if (id === undefined) continue;
    ids.set(property.name, id);
    claimed.add(property.name);
    const entity = `${typeKey(type)}.${property.name}`;
    diagnostics.push(...hintWarnings(hinted(property, type), entity, 'ignored_exact_match_rename_hint'));
  }
  for (const property of properties) {
    if (ids.has(property.name) || property.renameFrom === null) continue;
    const id = known.get(property.renameFrom);
    const problem = propertyHintProblem(match, property.renameFrom, id, claimed);
    if (problem !== undefined) {
      const entity = `${typeKey(type)}.${property.name}`;
      diagnostics.push(identityError(hinted(property, type), entity, problem.code, problem.message));
    } else if (id !== undefined) {
      ids.set(property.name, id);
      claimed.add(property.renameFrom);
    }
  }
  return ids;
}

function propertyHintProblem(
  { type, owner, accepted }: OwnerMatch,
  hint: string,
  id: number | undefined,
  claimed: ReadonlySet<string>,
): HintProblem | undefined {
  if (owner === undefined) {
    return {
      code: 'rename-hint-on-new-owner',
      message: `'${type.name}' is new: a new owner cannot take over a property identity ('${hint}')`,
    };
  }
  if (id !== undefined) {
    if (!claimed.has(hint)) return undefined;
    return {
      code: 'rename-hint-claimed-twice',
      message: `the accepted property '${type.name}.${hint}' is claimed twice`,
    };
  }
  const elsewhere = [...accepted.properties].some(([key, names]) => key !== owner && names.has(hint));
  return elsewhere
    ? {
        code: 'rename-hint-crosses-owners',
        message: `properties cannot move between owners: '${hint}' belongs to another type than '${type.name}'`,
      }
    : {
        code: 'unknown-rename-hint',
        message: `'${type.name}' has no accepted property '${hint}'`,
      };
}

/** Allocation order (§12): types by kind and name, properties by owner id and name, incarnations by type id. */
function withNewIdentities(
  desired: Catalog,
  known: Identities,
  first: number,
  diagnostics: readonly Diagnostic[],
): IdentityMatch {
  let next = first;
  const types = new Map(known.types);
  const properties = new Map<string, ReadonlyMap<string, number>>();
  const incarnations = new Map(known.incarnations);
  const inOrder = typesInOrder(desired);
  for (const type of inOrder) if (!types.has(typeKey(type))) types.set(typeKey(type), next++);
  const byId = [...inOrder].sort((left, right) => (types.get(typeKey(left)) ?? 0) - (types.get(typeKey(right)) ?? 0));
  for (const type of byId) {
    const ids = new Map(known.properties.get(typeKey(type)));
    for (const { name } of byName(type.properties)) if (!ids.has(name)) ids.set(name, next++);
    properties.set(typeKey(type), ids);
  }
  for (const type of byId) {
    if (type.kind !== 'interface' && !incarnations.has(typeKey(type))) incarnations.set(typeKey(type), next++);
  }
  if (next > Number.MAX_SAFE_INTEGER) {
    const exhausted: Diagnostic = {
      code: 'identity-counter-exhausted',
      severity: 'error',
      stage: 'S4',
      message: "the graph's identity counter is exhausted",
      remedy: 'export the graph and load it into a new one',
    };
    return { diagnostics: [...diagnostics, exhausted] };
  }
  return { identities: { types, properties, incarnations, next }, diagnostics };
}

type Hinted = Pick<SchemaType | Property, 'renameFrom' | 'range'>;

/** An injected property has no place of its own in the text; its node has. */
function hinted(property: Property, owner: SchemaType): Hinted {
  const range = property.range ?? owner.range;
  return { renameFrom: property.renameFrom, ...(range === undefined ? {} : { range }) };
}

function hintWarnings(
  subject: Hinted,
  entity: string,
  code: 'ignored_exact_match_rename_hint' | 'inert_initialization_rename_hint',
): readonly Diagnostic[] {
  if (subject.renameFrom === null) return [];
  const reason =
    code === 'inert_initialization_rename_hint' ? 'at graph creation' : 'where the name is accepted already';
  return [
    {
      code,
      severity: 'warning',
      stage: 'S4',
      message: `the rename hint '${subject.renameFrom}' on ${entity} has no effect ${reason}`,
      remedy: 'remove the spent hint',
      path: entity,
      ...(subject.range === undefined ? {} : { range: subject.range }),
    },
  ];
}

function identityError(subject: Hinted, entity: string, code: string, message: string): Diagnostic {
  return {
    code,
    severity: 'error',
    stage: 'S4',
    message,
    remedy: 'correct or remove the @rename_from hint',
    path: entity,
    ...(subject.range === undefined ? {} : { range: subject.range }),
  };
}
