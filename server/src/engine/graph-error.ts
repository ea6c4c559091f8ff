/**
 * What a caller of the engine can cause, as a typed error. `kind` decides the HTTP status and `code` (engine.md §21);
 * `details` is the structured member of the error body, under its wire name.
 */
export type GraphErrorKind =
  | 'bad_request'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'precondition_failed'
  | 'resource_limit'
  | 'range_not_satisfiable'
  | 'external_source'
  | 'internal'
  | 'recovery_required';

export interface GraphErrorDetails {
  readonly merge_conflicts?: readonly {
    readonly entity_kind: 'node' | 'edge';
    readonly type_name: string;
    readonly entity_id: string | null;
    readonly kind: string;
    readonly message: string;
  }[];
  readonly key_conflict?: {
    readonly entity_kind: 'node' | 'edge';
    readonly type_name: string;
    readonly entity_id?: string;
  };
  readonly read_set_conflict?: {
    readonly member: string;
    readonly expected: string | null;
    readonly actual: string | null;
  };
  readonly published_dataset_version_conflict?: {
    readonly entity_kind: 'node' | 'edge';
    readonly type_name: string;
    readonly expected_published_dataset_version: number;
    readonly actual_published_dataset_version: number;
  };
  readonly precondition_failure?: { readonly expected: string; readonly actual?: string };
  readonly resource_limit?: { readonly resource: string; readonly limit: number; readonly actual: number };
  readonly recovery_required?: { readonly operation_id: string };
}

export class GraphError extends Error {
  override readonly name = 'GraphError';
  constructor(
    readonly kind: GraphErrorKind,
    message: string,
    readonly details: GraphErrorDetails = {},
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}

/** The 413 of engine.md §§21–22, in the words that clients match (server.md §8). `advice` follows a semicolon. */
export function limitExceeded(resource: string, limit: number, actual: number, advice?: string): GraphError {
  const text = `resource limit exceeded for ${resource}: actual ${actual}, limit ${limit}`;
  return new GraphError('resource_limit', advice === undefined ? text : `${text}; ${advice}`, {
    resource_limit: { resource, limit, actual },
  });
}
