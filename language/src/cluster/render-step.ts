/** One migration step as `cluster plan` shows it: the step's name, what it touches, `[soft]` drops (cluster.md §11). */
import { displayConstraint, displayType, type MigrationStep } from '../schema/index.js';

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
