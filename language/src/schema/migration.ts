/**
 * The migration planner: accepted schema, desired catalog → steps. Everything it cannot do is a step too, so that all
 * reasons are seen at once. Order and classification: schema-language.md §13.
 */
import type { Diagnostic } from '../diagnostics/index.js';
import { type BoundSchema, boundSchema, initializeSchema } from './accepted.js';
import type { Catalog } from './catalog.js';
import { identitiesOf, matchIdentities } from './identity.js';
import type { DropMode, MigrationPlan, MigrationStep } from './migration-plan.js';
import { diffTypes } from './migration-types.js';
import { compactJson } from './shape.js';

export interface Evolution {
  readonly plan: MigrationPlan;
  /** The accepted schema after the plan; present when the plan is supported. */
  readonly bound?: BoundSchema;
}

/** Never stored: only comparisons within one call see it. */
const SCRATCH_DOMAIN = '00000000000000000000000000';

/**
 * Plans the way from an accepted schema to a desired one. The desired catalog must come from a compilation without
 * errors. Identity errors (§12) leave no steps: `plan.diagnostics` names them.
 */
export function evolveSchema(accepted: BoundSchema, desired: Catalog): Evolution {
  const { next_identity_id: next, schema_identity_domain: domain } = accepted.ir;
  const { identities, diagnostics } = matchIdentities(identitiesOf(accepted.catalog, next), desired);
  if (identities === undefined) return { plan: { supported: false, steps: [], diagnostics } };
  const bound = boundSchema(desired, domain, identities);
  const plan = planned(diffTypes(accepted.catalog, bound.catalog), accepted, bound, diagnostics);
  return plan.supported ? { plan, bound } : { plan };
}

/** The plan alone. An unbound accepted catalog is bound for the comparison, a bound one keeps its identities. */
export function planMigration(accepted: Catalog, desired: Catalog): MigrationPlan {
  return evolveSchema(asAccepted(accepted), desired).plan;
}

/** The same plan with every drop soft or hard (§13, `allow_data_loss`). */
export function withDropMode(plan: MigrationPlan, mode: DropMode): MigrationPlan {
  const steps = plan.steps.map((step) =>
    step.kind === 'drop_type' || step.kind === 'drop_property' ? { ...step, mode } : step,
  );
  return { ...plan, steps };
}

function planned(
  steps: readonly MigrationStep[],
  accepted: BoundSchema,
  bound: BoundSchema,
  diagnostics: readonly Diagnostic[],
): MigrationPlan {
  if (steps.length === 0 && compactJson(accepted.ir) !== compactJson(bound.ir)) {
    const reason = 'the schema changes in a way that has no migration step';
    return { supported: false, steps: [{ kind: 'unsupported_change', entity: 'schema', reason }], diagnostics };
  }
  return { supported: steps.every((step) => step.kind !== 'unsupported_change'), steps, diagnostics };
}

function asAccepted(catalog: Catalog): BoundSchema {
  const isBound = [...catalog.interfaces.values(), ...catalog.nodes.values(), ...catalog.edges.values()].every(
    (type) => type.typeId !== undefined,
  );
  if (!isBound) return initializeSchema(catalog, SCRATCH_DOMAIN);
  return boundSchema(catalog, SCRATCH_DOMAIN, identitiesOf(catalog, highestIdentity(catalog) + 1));
}

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
