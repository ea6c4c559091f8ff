/** Migration steps as lines for people. schema-language.md §14. */
import { type Annotation, type PropType, vectorDimension } from './catalog.js';
import { displayConstraint } from './constraint-text.js';
import { lintCode } from './lint-codes.js';
import type { MigrationStep } from './migration-plan.js';

/** One line, without the leading `- `. */
export function renderStep(step: MigrationStep): string {
  switch (step.kind) {
    case 'add_type':
      return `add ${step.type_kind} type '${step.name}'`;
    case 'rename_type':
      return `rename ${step.type_kind} type '${step.from}' -> '${step.to}'`;
    case 'add_property':
      return `add property '${step.type_name}.${step.property_name}' (${typeText(step.property_type)}) on ${owner(step)}`;
    case 'rename_property':
      return `rename property '${step.type_name}.${step.from}' -> '${step.type_name}.${step.to}' on ${owner(step)}`;
    case 'add_constraint':
      return `add constraint ${displayConstraint(step.constraint)} on ${owner(step)}`;
    case 'extend_enum': {
      const added = step.added_values.map((value) => `+${value}`).join(', ');
      return `extend enum '${step.type_name}.${step.property_name}' (${added}) on ${owner(step)}`;
    }
    case 'update_type_metadata':
      return `update metadata on ${step.type_kind} '${step.name}' (${annotationList(step.annotations)})`;
    case 'update_property_metadata':
      return `update metadata on property '${step.type_name}.${step.property_name}' of ${owner(step)} (${annotationList(step.annotations)})`;
    case 'drop_type':
      return `drop ${step.type_kind} type '${step.name}' (${step.mode} mode)`;
    case 'drop_property':
      return `drop property '${step.type_name}.${step.property_name}' of ${owner(step)} (${step.mode} mode)`;
    case 'unsupported_change': {
      const known = step.code === undefined ? undefined : lintCode(step.code);
      const code = known === undefined ? '' : ` [${known.code}, ${known.tier}]`;
      return `unsupported change on ${step.entity}${code}: ${step.reason}`;
    }
    default:
      return step satisfies never;
  }
}

/** An unsupported step as an error message: `[CODE] REASON`, or the reason alone. */
export function unsupportedReason(step: MigrationStep & { readonly kind: 'unsupported_change' }): string {
  return step.code === undefined ? step.reason : `[${step.code}] ${step.reason}`;
}

const owner = (step: { readonly type_kind: string; readonly type_name: string }): string =>
  `${step.type_kind} '${step.type_name}'`;

/** Unlike in messages, enums read `Enum(a|b)` here. */
function typeText(type: PropType): string {
  const dimension = vectorDimension(type);
  const scalar = dimension === undefined ? String(type.scalar) : `Vector(${dimension})`;
  const core = type.enum_values === null ? scalar : `Enum(${type.enum_values.join('|')})`;
  return `${type.list ? `[${core}]` : core}${type.nullable ? '?' : ''}`;
}

const annotationList = (annotations: readonly Annotation[]): string => annotations.map(annotationText).join(', ');

function annotationText({ name, value, kwargs }: Annotation): string {
  const keywords = Object.entries(kwargs ?? {}).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
  const parts = value === null ? keywords : [JSON.stringify(value), ...keywords];
  return parts.length === 0 ? `@${name}` : `@${name}(${parts.join(', ')})`;
}
