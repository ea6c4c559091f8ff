/**
 * One migration step as `cluster plan` shows it: the step's name, what it touches, `[soft]` drops (cluster.md §11), and
 * the line that says how many rows a change concerns.
 */
import { displayConstraint, displayType, type MigrationStep } from '../schema/index.js';
import type { Change } from './plan.js';

export function renderPlanStep(step: MigrationStep): string {
  switch (step.kind) {
    case 'add_type':
      return `${step.kind} ${step.type_kind} ${step.name}`;
    case 'rename_type':
      return `${step.kind} ${step.type_kind} ${step.from} -> ${step.to}`;
    case 'add_property':
      return `${step.kind} ${step.type_name}.${step.property_name}: ${displayType(step.property_type)}`;
    case 'rename_property':
      return `${step.kind} ${step.type_name}.${step.from} -> ${step.type_name}.${step.to}`;
    case 'add_constraint':
      return `${step.kind} ${step.type_name} ${displayConstraint(step.constraint)}`;
    case 'extend_enum':
      return `${step.kind} ${step.type_name}.${step.property_name}: ${step.added_values.map((each) => `+${each}`).join(', ')}`;
    case 'update_type_metadata':
      return `${step.kind} ${step.type_kind} ${step.name}`;
    case 'update_property_metadata':
      return `${step.kind} ${step.type_name}.${step.property_name}`;
    case 'drop_type':
      return `${step.kind} ${step.type_kind} ${step.name} [${step.mode}]`;
    case 'drop_property':
      return `${step.kind} ${step.type_name}.${step.property_name} [${step.mode}]`;
    case 'unsupported_change':
      return `${step.kind} ${step.entity} unsupported: ${step.reason}${step.code === undefined ? '' : ` [${step.code}]`}`;
    default:
      return step satisfies never;
  }
}

/** `data: 120 rows (node Vessel 100, edge Calls 20)`; nothing where no row is concerned. */
export function renderDataImpact({ operation, data_impact: impact }: Change): readonly string[] {
  if (impact === undefined || impact.rows === 0) return [];
  const touched = impact.types.filter(({ rows }) => rows > 0);
  const types = touched.map(({ type_kind: kind, type_name: name, rows }) => `${kind} ${name} ${rows}`).join(', ');
  const verb = operation === 'delete' ? 'deletes' : 'touches';
  return [`data: ${verb} ${impact.rows} ${impact.rows === 1 ? 'row' : 'rows'} (${types})`];
}
