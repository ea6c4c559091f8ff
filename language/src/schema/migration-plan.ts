/** Migration plans as data. Contract: schema-language.md §13; key order here is the order in JSON. */
import type { Diagnostic } from '../diagnostics/index.js';
import type { Annotation, Constraint, PropType } from './catalog.js';

export type TypeKind = 'interface' | 'node' | 'edge';
export type DropMode = 'soft' | 'hard';

export type MigrationStep =
  | { readonly kind: 'add_type'; readonly type_kind: TypeKind; readonly name: string }
  | { readonly kind: 'rename_type'; readonly type_kind: TypeKind; readonly from: string; readonly to: string }
  | {
      readonly kind: 'add_property';
      readonly type_kind: TypeKind;
      readonly type_name: string;
      readonly property_name: string;
      readonly property_type: PropType;
    }
  | {
      readonly kind: 'rename_property';
      readonly type_kind: TypeKind;
      readonly type_name: string;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: 'add_constraint';
      readonly type_kind: TypeKind;
      readonly type_name: string;
      readonly constraint: Constraint;
    }
  | {
      readonly kind: 'extend_enum';
      readonly type_kind: TypeKind;
      readonly type_name: string;
      readonly property_name: string;
      readonly added_values: readonly string[];
    }
  | {
      readonly kind: 'update_type_metadata';
      readonly type_kind: TypeKind;
      readonly name: string;
      readonly annotations: readonly Annotation[];
    }
  | {
      readonly kind: 'update_property_metadata';
      readonly type_kind: TypeKind;
      readonly type_name: string;
      readonly property_name: string;
      readonly annotations: readonly Annotation[];
    }
  | { readonly kind: 'drop_type'; readonly type_kind: TypeKind; readonly name: string; readonly mode: DropMode }
  | {
      readonly kind: 'drop_property';
      readonly type_kind: TypeKind;
      readonly type_name: string;
      readonly property_name: string;
      readonly mode: DropMode;
    }
  | { readonly kind: 'unsupported_change'; readonly entity: string; readonly reason: string; readonly code?: string };

export interface MigrationPlan {
  /** False when any step is `unsupported_change`, or when `diagnostics` holds an error. */
  readonly supported: boolean;
  readonly steps: readonly MigrationStep[];
  /** Identity errors (§12, no plan exists then) and the two hint warnings. Not part of the JSON form. */
  readonly diagnostics: readonly Diagnostic[];
}
