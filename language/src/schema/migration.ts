/**
 * The migration planner: accepted schema, desired catalog → steps. Everything it cannot do is a step too, so that all
 * reasons are seen at once. Order and classification: schema-language.md §13.
 */
import { type BoundSchema, boundSchema } from './accepted.js';
import { bindCatalog } from './bind.js';
import type { Catalog } from './catalog.js';
import { allocateIdentities, type Identities, identitiesOf, matchIdentities, typesInOrder } from './identity.js';
import { unsupported } from './migration-parts.js';
import type { DropMode, MigrationPlan } from './migration-plan.js';
import { diffTypes } from './migration-types.js';

export interface Evolution {
  readonly plan: MigrationPlan;
  /** The accepted schema after the plan; present when the plan is supported. */
  readonly bound?: BoundSchema;
}

/**
 * Plans the way from an accepted schema to a desired one. The desired catalog must come from a compilation without
 * errors. Identity errors (§12) leave no steps: `plan.diagnostics` names them.
 */
export function evolveSchema(accepted: BoundSchema, desired: Catalog): Evolution {
  const { next_identity_id: next, schema_identity_domain: domain } = accepted.ir;
  const { plan, identities } = planFrom(accepted.catalog, identitiesOf(accepted.catalog, next), desired);
  if (identities === undefined || !plan.supported) return { plan };
  return { plan, bound: boundSchema(desired, domain, identities) };
}

/**
 * The plan alone. An unbound accepted catalog is given identities for the comparison, a bound one keeps its own. Never
 * throws, also for a desired catalog with errors: an editor asks while one types.
 */
export function planMigration(accepted: Catalog, desired: Catalog): MigrationPlan {
  if (isBound(accepted)) return planFrom(accepted, identitiesOf(accepted, highestIdentity(accepted) + 1), desired).plan;
  const { identities, diagnostics } = allocateIdentities(accepted);
  if (identities === undefined) return { supported: false, steps: [], diagnostics };
  return planFrom(bindCatalog(accepted, identities), identities, desired).plan;
}

/** The same plan with every drop soft or hard (§13, `allow_data_loss`). */
export function withDropMode(plan: MigrationPlan, mode: DropMode): MigrationPlan {
  const steps = plan.steps.map((step) =>
    step.kind === 'drop_type' || step.kind === 'drop_property' ? { ...step, mode } : step,
  );
  return { ...plan, steps };
}

function planFrom(
  accepted: Catalog,
  known: Identities,
  desired: Catalog,
): { readonly plan: MigrationPlan; readonly identities?: Identities } {
  const { identities, diagnostics } = matchIdentities(known, desired);
  if (identities === undefined) return { plan: { supported: false, steps: [], diagnostics } };
  const steps = diffTypes(accepted, bindCatalog(desired, identities));
  // Without a step nothing was renamed, so that equal shapes mean equal IRs.
  if (steps.length === 0 && accepted.shapeHash !== desired.shapeHash) {
    const step = unsupported('schema', 'the schema changes in a way that has no migration step');
    return { plan: { supported: false, steps: [step], diagnostics }, identities };
  }
  const supported = steps.every((step) => step.kind !== 'unsupported_change');
  return { plan: { supported, steps, diagnostics }, identities };
}

const isBound = (catalog: Catalog): boolean => typesInOrder(catalog).every((type) => type.typeId !== undefined);

function highestIdentity(catalog: Catalog): number {
  let highest = 0;
  const see = (id: number | undefined): void => {
    if (id !== undefined && id > highest) highest = id;
  };
  for (const type of [...catalog.nodes.values(), ...catalog.edges.values()]) see(type.tableIncarnationId);
  for (const type of [...catalog.interfaces.values(), ...catalog.nodes.values(), ...catalog.edges.values()]) {
    see(type.typeId);
    for (const property of type.properties.values()) see(property.propertyId);
  }
  return highest;
}
