/** The difference of one type's properties. schema-language.md §13. */
import type { Catalog, Property, PropertyFlag } from './catalog.js';
import { displayType } from './catalog.js';
import { sameType } from './effective.js';
import { type SchemaType, typeKey } from './identity.js';
import { diffAnnotations, unsupported } from './migration-parts.js';
import type { MigrationStep } from './migration-plan.js';
import { byName } from './shape.js';

interface PropertyDifference {
  readonly steps: readonly MigrationStep[];
  /** Names of properties whose new `@index` has its step already. */
  readonly indexed: ReadonlySet<string>;
}

interface Comparison {
  readonly before: SchemaType;
  readonly after: SchemaType;
  readonly accepted: Catalog;
  readonly desired: Catalog;
}

/** Desired properties by name, then the removed by accepted name. */
export function diffProperties(
  before: SchemaType,
  after: SchemaType,
  accepted: Catalog,
  desired: Catalog,
): PropertyDifference {
  const comparison: Comparison = { before, after, accepted, desired };
  const old = new Map([...before.properties.values()].map((property) => [property.propertyId, property]));
  const kept = new Set([...after.properties.values()].map((property) => property.propertyId));
  const steps: MigrationStep[] = [];
  const indexed = new Set<string>();
  for (const property of byName(after.properties)) {
    const previous = old.get(property.propertyId);
    if (previous === undefined) steps.push(addProperty(property, after));
    else {
      steps.push(...diffProperty(previous, property, comparison));
      if (property.flags.includes('index') && !previous.flags.includes('index')) indexed.add(property.name);
    }
  }
  for (const { name, propertyId } of byName(before.properties)) {
    if (kept.has(propertyId)) continue;
    steps.push({
      kind: 'drop_property',
      type_kind: after.kind,
      type_name: after.name,
      property_name: name,
      mode: 'soft',
    });
  }
  return { steps, indexed };
}

function addProperty(property: Property, owner: SchemaType): MigrationStep {
  if (!property.type.nullable) {
    const reason = `adding required property '${owner.name}.${property.name}' needs a backfill`;
    return unsupported(`${typeKey(owner)}.${property.name}`, reason, 'OG-MF-103');
  }
  return {
    kind: 'add_property',
    type_kind: owner.kind,
    type_name: owner.name,
    property_name: property.name,
    property_type: property.type,
  };
}

function diffProperty(before: Property, after: Property, comparison: Comparison): readonly MigrationStep[] {
  const owner = comparison.after;
  const entity = `${typeKey(owner)}.${after.name}`;
  const at = { type_kind: owner.kind, type_name: owner.name };
  const steps: MigrationStep[] = [];
  if (before.name !== after.name) {
    steps.push({ kind: 'rename_property', ...at, from: before.name, to: after.name });
  }
  steps.push(...diffType(before, after, owner));
  if (embedText(before, comparison.before) !== embedText(after, comparison.after)) {
    const reason = 'changing @embed is not supported: stored vectors would not match; rebuild the graph';
    steps.push(unsupported(entity, reason));
  }
  steps.push(...diffFlags(before.flags, after, owner));
  if (before.declaredDirectly !== after.declaredDirectly) {
    const reason = `changing the declaration provenance is not supported (${provenance(before)} to ${provenance(after)})`;
    steps.push(unsupported(entity, reason));
  }
  if (satisfiesText(before, comparison.accepted) !== satisfiesText(after, comparison.desired)) {
    steps.push(unsupported(entity, 'changing the satisfaction links to interface properties is not supported'));
  }
  const { metadata, opaque } = diffAnnotations(before.annotations, after.annotations);
  if (metadata !== undefined) {
    steps.push({ kind: 'update_property_metadata', ...at, property_name: after.name, annotations: metadata });
  }
  if (opaque) {
    steps.push(unsupported(entity, 'changing annotations other than @description and @instruction is not supported'));
  }
  return steps;
}

const provenance = (property: Property): string => (property.declaredDirectly ? 'declared' : 'injected');

function diffType(before: Property, after: Property, owner: SchemaType): readonly MigrationStep[] {
  if (sameType(before.type, after.type)) return [];
  const added = addedEnumValues(before, after);
  if (added !== undefined) {
    return [
      {
        kind: 'extend_enum',
        type_kind: owner.kind,
        type_name: owner.name,
        property_name: after.name,
        added_values: added,
      },
    ];
  }
  const reason = `changing the type from ${displayType(before.type)} to ${displayType(after.type)} is not supported`;
  return [unsupported(`${typeKey(owner)}.${after.name}`, reason, 'OG-MF-106')];
}

/** The new values, when an enum only gained some. */
function addedEnumValues(before: Property, after: Property): readonly string[] | undefined {
  const [old, wanted] = [before.type.enum_values, after.type.enum_values];
  if (old === null || wanted === null || before.type.nullable !== after.type.nullable) return undefined;
  if (!old.every((value) => wanted.includes(value))) return undefined;
  return wanted.filter((value) => !old.includes(value));
}

function diffFlags(before: readonly PropertyFlag[], after: Property, owner: SchemaType): readonly MigrationStep[] {
  const entity = `${typeKey(owner)}.${after.name}`;
  const removed = before
    .filter((flag) => !after.flags.includes(flag))
    .map((flag) => unsupported(entity, `removing @${flag} from an existing property is not supported`));
  const added = after.flags
    .filter((flag) => !before.includes(flag))
    .map((flag): MigrationStep => {
      if (flag !== 'index') return unsupported(entity, `adding @${flag} to an existing property is not supported`);
      const constraint = { Index: [after.name] };
      return { kind: 'add_constraint', type_kind: owner.kind, type_name: owner.name, constraint };
    });
  return [...removed, ...added];
}

/** The source by id: renaming it changes nothing. */
function embedText(property: Property, owner: SchemaType): string {
  if (property.embed === null) return '';
  const source = owner.properties.get(property.embed.property_name)?.propertyId;
  return JSON.stringify([source, property.embed.model]);
}

function satisfiesText(property: Property, catalog: Catalog): string {
  return property.satisfies
    .map((origin) => catalog.interfaces.get(origin.owner_name)?.properties.get(origin.property_name)?.propertyId ?? 0)
    .sort((left, right) => left - right)
    .join();
}
