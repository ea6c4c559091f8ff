/**
 * The wire shapes (server.md §§7–10), one component each under the name of server.md §12. They validate requests,
 * serialize responses and are the OpenAPI document.
 */
import { type Static, type TSchema, Type } from 'typebox';

/** A member that may be absent; `null` counts as absent (server.md §7). */
const absentable = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));
const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const ref = <T>(name: string) => Type.Unsafe<T>({ $ref: `${name}#` });

export const HealthOutput = Type.Object(
  {
    status: Type.Literal('ok'),
    version: Type.String(),
    internal_schema_version: Type.Integer({ description: 'The storage format number this build reads and writes' }),
  },
  { $id: 'HealthOutput' },
);

export const GraphInfo = Type.Object({ graph_id: Type.String(), uri: Type.String() }, { $id: 'GraphInfo' });

export const GraphListResponse = Type.Object(
  { graphs: Type.Array(ref<Static<typeof GraphInfo>>('GraphInfo')) },
  { $id: 'GraphListResponse' },
);

export const CommitOutput = Type.Object(
  {
    graph_commit_id: Type.String(),
    graph_branch: nullable(Type.String({ description: 'null means main' })),
    graph_manifest_version: Type.Integer(),
    parent_commit_id: nullable(Type.String()),
    merged_parent_commit_id: nullable(Type.String()),
    actor_id: nullable(Type.String()),
    created_at: Type.Integer({ description: 'Microseconds since the Unix epoch' }),
  },
  { $id: 'CommitOutput' },
);
const commitRef = ref<Static<typeof CommitOutput>>('CommitOutput');

export const CommitListOutput = Type.Object({ commits: Type.Array(commitRef) }, { $id: 'CommitListOutput' });

export const EntityKindOutput = Type.Union([Type.Literal('node'), Type.Literal('edge')], { $id: 'EntityKindOutput' });
const entityKind = ref<'node' | 'edge'>('EntityKindOutput');

export const SnapshotDatasetOutput = Type.Object(
  {
    entity_kind: entityKind,
    type_name: Type.String(),
    dataset_path: Type.String(),
    published_dataset_version: Type.Integer(),
    native_dataset_branch: nullable(Type.String()),
    entity_count: Type.Integer(),
  },
  { $id: 'SnapshotDatasetOutput' },
);

export const SnapshotOutput = Type.Object(
  {
    graph_branch: Type.String(),
    graph_manifest_version: Type.Integer(),
    internal_schema_version: Type.Integer(),
    datasets: Type.Array(ref<Static<typeof SnapshotDatasetOutput>>('SnapshotDatasetOutput')),
  },
  { $id: 'SnapshotOutput' },
);

export const QueryRequest = Type.Object(
  {
    query: Type.String({ description: 'GQ source' }),
    name: absentable(Type.String({ description: 'Which query of the source; may be omitted when it holds one' })),
    params: Type.Optional(Type.Unknown({ description: 'Object of parameter values, keyed without `$`' })),
    branch: absentable(Type.String()),
    snapshot: absentable(Type.String({ description: 'A commit id; excludes `branch`' })),
  },
  { $id: 'QueryRequest' },
);

export const ReadTargetOutput = Type.Object(
  { branch: nullable(Type.String()), snapshot: nullable(Type.String()) },
  { $id: 'ReadTargetOutput' },
);

export const ReadOutput = Type.Object(
  {
    query_name: Type.String(),
    target: ref<Static<typeof ReadTargetOutput>>('ReadTargetOutput'),
    row_count: Type.Integer(),
    columns: Type.Optional(Type.Array(Type.String())),
    rows: Type.Array(Type.Record(Type.String(), Type.Unknown())),
    graph_commit_id: Type.Optional(Type.String()),
  },
  { $id: 'ReadOutput' },
);

export const ChangeRequest = Type.Object(
  {
    query: Type.String({ description: 'GQ source' }),
    name: absentable(Type.String()),
    params: Type.Optional(Type.Unknown({ description: 'Object of parameter values, keyed without `$`' })),
    branch: absentable(Type.String()),
  },
  { $id: 'ChangeRequest' },
);

export const ChangeOutput = Type.Object(
  {
    branch: Type.String(),
    query_name: Type.String(),
    affected_nodes: Type.Integer(),
    affected_edges: Type.Integer(),
    actor_id: nullable(Type.String()),
    commit: nullable(commitRef),
  },
  { $id: 'ChangeOutput' },
);

export const ParamKind = Type.Union(
  (['string', 'bool', 'int', 'bigint', 'float', 'date', 'datetime', 'blob', 'vector', 'list'] as const).map((kind) =>
    Type.Literal(kind),
  ),
  { $id: 'ParamKind' },
);
const paramKind = ref<string>('ParamKind');

export const ParamDescriptor = Type.Object(
  {
    name: Type.String(),
    kind: paramKind,
    item_kind: Type.Optional(paramKind),
    vector_dim: Type.Optional(Type.Integer()),
    nullable: Type.Boolean(),
  },
  { $id: 'ParamDescriptor' },
);

export const QueryCatalogEntry = Type.Object(
  {
    name: Type.String(),
    tool_name: Type.String(),
    description: Type.Optional(Type.String()),
    instruction: Type.Optional(Type.String()),
    mutation: Type.Boolean(),
    params: Type.Array(ref<Static<typeof ParamDescriptor>>('ParamDescriptor')),
  },
  { $id: 'QueryCatalogEntry' },
);

export const QueriesCatalogOutput = Type.Object(
  { queries: Type.Array(ref<Static<typeof QueryCatalogEntry>>('QueryCatalogEntry')) },
  { $id: 'QueriesCatalogOutput' },
);

export const InvokeStoredQueryRequest = Type.Object(
  {
    params: Type.Optional(Type.Unknown({ description: 'Object of parameter values, keyed without `$`' })),
    branch: absentable(Type.String()),
    snapshot: absentable(Type.String()),
    expect_mutation: absentable(
      Type.Boolean({ description: 'Refuse before running when the query is of the other kind' }),
    ),
  },
  { $id: 'InvokeStoredQueryRequest' },
);

export const InvokeStoredQueryResponse = Type.Union(
  [ref<Static<typeof ReadOutput>>('ReadOutput'), ref<Static<typeof ChangeOutput>>('ChangeOutput')],
  { $id: 'InvokeStoredQueryResponse' },
);

export const SchemaOutput = Type.Object({ schema_source: Type.String() }, { $id: 'SchemaOutput' });

export const SchemaApplyRequest = Type.Object(
  { schema_source: Type.String(), allow_data_loss: Type.Optional(Type.Boolean()) },
  { $id: 'SchemaApplyRequest' },
);

export const SchemaApplyOutput = Type.Object(
  {
    uri: Type.String(),
    supported: Type.Boolean(),
    applied: Type.Boolean(),
    step_count: Type.Integer(),
    graph_manifest_version: Type.Integer(),
    steps: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  },
  { $id: 'SchemaApplyOutput' },
);

export const LoadMode = Type.Union([Type.Literal('overwrite'), Type.Literal('append'), Type.Literal('merge')], {
  $id: 'LoadMode',
});
const loadMode = ref<'overwrite' | 'append' | 'merge'>('LoadMode');

export const GraphBatchDeclarationOutput = Type.Object(
  { name: Type.String(), entities_loaded: Type.Integer() },
  { $id: 'GraphBatchDeclarationOutput' },
);
const declarations = Type.Array(ref<Static<typeof GraphBatchDeclarationOutput>>('GraphBatchDeclarationOutput'));

const loadOutput = {
  branch: Type.String(),
  base_branch: nullable(Type.String({ description: 'The `from` of the request, echoed' })),
  branch_created: Type.Boolean(),
  mode: loadMode,
  nodes: declarations,
  edges: declarations,
  total_entities: Type.Integer(),
  actor_id: nullable(Type.String()),
  commit: nullable(commitRef),
};

export const IngestRequest = Type.Object(
  {
    data: Type.String({ description: 'NDJSON, one node or edge a line' }),
    branch: absentable(Type.String()),
    from: absentable(Type.String()),
    mode: absentable(loadMode),
  },
  { $id: 'IngestRequest' },
);

export const IngestOutput = Type.Object({ uri: Type.String(), ...loadOutput }, { $id: 'IngestOutput' });
export const GraphBatchLoadOutput = Type.Object(loadOutput, { $id: 'GraphBatchLoadOutput' });

export const ErrorCode = Type.Union(
  (
    [
      'unauthorized',
      'forbidden',
      'bad_request',
      'not_found',
      'method_not_allowed',
      'conflict',
      'too_many_requests',
      'internal',
    ] as const
  ).map((code) => Type.Literal(code)),
  { $id: 'ErrorCode' },
);

export const MergeConflictOutput = Type.Object(
  {
    entity_kind: entityKind,
    type_name: Type.String(),
    entity_id: nullable(Type.String()),
    kind: Type.String(),
    message: Type.String(),
  },
  { $id: 'MergeConflictOutput' },
);

export const KeyConflictOutput = Type.Object(
  { entity_kind: entityKind, type_name: Type.String(), entity_id: Type.Optional(Type.String()) },
  { $id: 'KeyConflictOutput' },
);

export const ReadSetConflictOutput = Type.Object(
  { member: Type.String(), expected: nullable(Type.String()), actual: nullable(Type.String()) },
  { $id: 'ReadSetConflictOutput' },
);

export const PublishedDatasetVersionConflictOutput = Type.Object(
  {
    entity_kind: entityKind,
    type_name: Type.String(),
    expected_published_dataset_version: Type.Integer(),
    actual_published_dataset_version: Type.Integer(),
  },
  { $id: 'PublishedDatasetVersionConflictOutput' },
);

export const ResourceLimitOutput = Type.Object(
  { resource: Type.String(), limit: Type.Integer(), actual: Type.Integer() },
  { $id: 'ResourceLimitOutput' },
);

export const PreconditionFailureOutput = Type.Object(
  { expected: Type.String(), actual: Type.Optional(Type.String()) },
  { $id: 'PreconditionFailureOutput' },
);

export const RecoveryRequiredOutput = Type.Object({ operation_id: Type.String() }, { $id: 'RecoveryRequiredOutput' });

export const ErrorOutput = Type.Object(
  {
    error: Type.String(),
    code: Type.Optional(ref<string>('ErrorCode')),
    merge_conflicts: Type.Optional(Type.Array(ref<Static<typeof MergeConflictOutput>>('MergeConflictOutput'))),
    published_dataset_version_conflict: Type.Optional(
      ref<Static<typeof PublishedDatasetVersionConflictOutput>>('PublishedDatasetVersionConflictOutput'),
    ),
    read_set_conflict: Type.Optional(ref<Static<typeof ReadSetConflictOutput>>('ReadSetConflictOutput')),
    key_conflict: Type.Optional(ref<Static<typeof KeyConflictOutput>>('KeyConflictOutput')),
    resource_limit: Type.Optional(ref<Static<typeof ResourceLimitOutput>>('ResourceLimitOutput')),
    recovery_required: Type.Optional(ref<Static<typeof RecoveryRequiredOutput>>('RecoveryRequiredOutput')),
    precondition_failure: Type.Optional(ref<Static<typeof PreconditionFailureOutput>>('PreconditionFailureOutput')),
  },
  { $id: 'ErrorOutput' },
);

/** Every component, in dependency order. */
export const COMPONENTS: readonly TSchema[] = [
  HealthOutput,
  GraphInfo,
  GraphListResponse,
  CommitOutput,
  CommitListOutput,
  EntityKindOutput,
  SnapshotDatasetOutput,
  SnapshotOutput,
  QueryRequest,
  ReadTargetOutput,
  ReadOutput,
  ChangeRequest,
  ChangeOutput,
  ParamKind,
  ParamDescriptor,
  QueryCatalogEntry,
  QueriesCatalogOutput,
  InvokeStoredQueryRequest,
  InvokeStoredQueryResponse,
  SchemaOutput,
  SchemaApplyRequest,
  SchemaApplyOutput,
  LoadMode,
  GraphBatchDeclarationOutput,
  IngestRequest,
  IngestOutput,
  GraphBatchLoadOutput,
  ErrorCode,
  MergeConflictOutput,
  KeyConflictOutput,
  ReadSetConflictOutput,
  PublishedDatasetVersionConflictOutput,
  ResourceLimitOutput,
  PreconditionFailureOutput,
  RecoveryRequiredOutput,
  ErrorOutput,
];

export const component = (name: string) => ({ $ref: `${name}#` });

/** The error responses a route documents, each with the one envelope. */
export const errorResponses = (...statuses: readonly number[]): Record<number, { $ref: string }> =>
  Object.fromEntries(statuses.map((status) => [status, component('ErrorOutput')]));
