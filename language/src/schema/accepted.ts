/** Accepted schemas: a new graph's first one, and the one a graph has stored. schema-language.md §§11–12. */
import type { Checked, Diagnostic } from '../diagnostics/index.js';
import { hasErrors } from '../diagnostics/index.js';
import { bindCatalog } from './bind.js';
import type { Catalog } from './catalog.js';
import { compileSchema } from './compile.js';
import { allocateIdentities, type Identities, typeKey, typesInOrder } from './identity.js';
import { buildIr, type SchemaIr, schemaIrHash } from './ir.js';
import { firstDifference, InvalidIr, readIdentities } from './read-ir.js';

/** An accepted schema with its identities. */
export interface BoundSchema {
  /** Bound: ids set, properties by name, `node.key` in ascending property id order. */
  readonly catalog: Catalog;
  readonly ir: SchemaIr;
  /** `sha256:…` of the IR's compact JSON. */
  readonly irHash: string;
}

export interface InitializedSchema extends BoundSchema {
  /** `inert_initialization_rename_hint` for every hint: there is nothing yet to rename. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Gives a new graph's schema its identities (§12). `domain` is a canonical upper-case ULID, minted by the caller. The
 * catalog must come from a compilation without errors; anything else is a bug and throws.
 */
export function initializeSchema(desired: Catalog, domain: string): InitializedSchema {
  const { identities, diagnostics } = allocateIdentities(desired);
  if (identities === undefined) throw new Error('a new graph cannot exhaust its identity counter');
  return { ...boundSchema(desired, domain, identities), diagnostics };
}

export function boundSchema(catalog: Catalog, domain: string, identities: Identities): BoundSchema {
  const bound = bindCatalog(catalog, identities);
  const ir = buildIr(bound, domain, identities.next);
  return { catalog: bound, ir, irHash: schemaIrHash(ir) };
}

/**
 * Opens a stored schema: its text and its IR (from `parseExactJson`, so that 64-bit bounds stay exact). Fails closed
 * (§11): `value` is undefined, with diagnostics, when the IR is not exactly what this version writes
 * (`invalid-accepted-ir`), when the text does not compile, or when the two differ in meaning
 * (`schema-source-mismatch`). A difference in formatting alone is fine.
 */
export function bindAccepted(source: string, ir: unknown): Checked<BoundSchema | undefined> {
  const compiled = compileSchema(source);
  if (compiled.catalog === undefined || hasErrors(compiled.diagnostics)) {
    return { value: undefined, diagnostics: compiled.diagnostics.filter(({ severity }) => severity === 'error') };
  }
  try {
    const { domain, identities } = readIdentities(ir);
    const undeclared = namesDifference(compiled.catalog, identities);
    if (undeclared !== undefined) return refused(mismatch(undeclared));
    const bound = boundSchema(compiled.catalog, domain, identities);
    const difference = firstDifference(bound.ir, ir);
    if (difference === undefined) return { value: bound, diagnostics: [] };
    return refused(
      isIdentityPlace(difference) ? invalidIr(`${difference}: not what the schema says`) : mismatch(difference),
    );
  } catch (cause) {
    if (cause instanceof InvalidIr) return refused(invalidIr(cause.message));
    throw cause;
  }
}

const refused = (diagnostic: Diagnostic): Checked<undefined> => ({ value: undefined, diagnostics: [diagnostic] });

/** References, provenance and versions belong to the IR alone; everything else it shares with the text. */
const isIdentityPlace = (place: string): boolean =>
  /(^|\.)(\w+_id|\w+_ids?|owner_type_name|type_name|kind|role|ir_version|satisfies_interface_properties)(\[\d+\])?$/.test(
    place,
  );

/** The first type or property that only one of the two knows. */
function namesDifference(catalog: Catalog, identities: Identities): string | undefined {
  const types = typesInOrder(catalog);
  const keys = new Set(types.map(typeKey));
  for (const key of identities.types.keys()) if (!keys.has(key)) return key;
  for (const type of types) {
    const key = typeKey(type);
    const ids = identities.properties.get(key);
    if (ids === undefined) return key;
    for (const name of type.properties.keys()) if (!ids.has(name)) return `${key}.${name}`;
    for (const name of ids.keys()) if (!type.properties.has(name)) return `${key}.${name}`;
  }
  return undefined;
}

const mismatch = (place: string): Diagnostic => ({
  code: 'schema-source-mismatch',
  severity: 'error',
  stage: 'S4',
  message: `the stored schema text differs from the accepted schema at ${place}`,
  remedy: 'restore the accepted text; change a schema by applying it, not by editing what is stored',
});

const invalidIr = (problem: string): Diagnostic => ({
  code: 'invalid-accepted-ir',
  severity: 'error',
  message: `invalid accepted SchemaIR: ${problem}`,
  remedy: 'restore the stored schema from a backup',
});
