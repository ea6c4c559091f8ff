/** Every key of policy bundles and policy tests, with type, default and meaning (policy.md §§3 and 9). */
import { POLICY_ACTIONS, type PolicyAction } from '../../policy/index.js';
import { type KeyShape, key, type ScalarShape, type ScalarValue, type YamlShape } from '../yaml/shape.js';

/** What an action lets someone do, in a few words that go on after "may". */
export const ACTION_VERBS: Readonly<Record<PolicyAction, string>> = {
  read: 'read',
  export: 'export',
  change: 'change data',
  schema_apply: 'apply schemas',
  branch_create: 'create branches',
  branch_delete: 'delete branches',
  branch_merge: 'merge',
  invoke_query: 'call stored queries',
  admin: 'administer',
  graph_list: 'list the graphs of the server',
};

export const ACTION_DOCS: Readonly<Record<PolicyAction, string>> = {
  read: 'Queries, snapshots, blobs, the schema, branches, commits, changes and the catalog of stored queries. May carry `branch_scope`.',
  export: 'The NDJSON export and the baseline of changes. May carry `branch_scope`.',
  change: 'Mutations, loads and the write half of stored mutations. May carry `branch_scope`.',
  schema_apply: 'Schema migrations, whose target is always `main`. May carry `target_branch_scope`.',
  branch_create: 'Creating a branch, also while loading. May carry `target_branch_scope`.',
  branch_delete: 'Deleting a branch, also after a merge. May carry `target_branch_scope`.',
  branch_merge: 'Merging into a branch. May carry `target_branch_scope`.',
  invoke_query: 'Calling any stored query of the graph by name. Carries no scope.',
  admin: 'Reserved: accepted in rules, and nothing asks for it yet.',
  graph_list: 'Listing the graphs of the server. Only in a policy that applies to `cluster`.',
};

export const ACTION_VALUES: readonly ScalarValue[] = POLICY_ACTIONS.map((value) => ({
  value,
  doc: ACTION_DOCS[value],
}));

const map = (keys: Readonly<Record<string, KeyShape>>): YamlShape => ({
  kind: 'map',
  keys: new Map(Object.entries(keys)),
});

const text = (source?: string): ScalarShape => ({
  kind: 'scalar',
  type: 'string',
  ...(source !== undefined && { source }),
});

const oneOf = (...values: readonly ScalarValue[]): ScalarShape => ({ kind: 'scalar', type: 'string', values });

const required = { required: true } as const;

const version = key(
  'Version of the format.',
  'integer',
  { kind: 'scalar', type: 'integer', values: [{ value: '1', doc: 'The only version.' }] },
  required,
);

const scope = oneOf(
  { value: 'any', doc: 'Every branch, and requests that name none.' },
  {
    value: 'protected',
    doc: 'Only branches that `protected_branches` lists. A request without a branch never matches.',
  },
  { value: 'unprotected', doc: 'Only branches that are not listed. A request without a branch never matches.' },
);

const allow = map({
  actors: key(
    'Who: a group. To permit one actor, make a group of one.',
    'mapping',
    map({
      group: key('A group declared under `groups`.', 'group name', text('group'), required),
    }),
    required,
  ),
  actions: key('What they may do.', 'list of actions', { kind: 'list', of: text('action') }, required),
  branch_scope: key('On which branches. Only with `read`, `export` and `change`.', 'scope', scope),
  target_branch_scope: key(
    'Into which branches. Only with `schema_apply`, `branch_create`, `branch_delete` and `branch_merge`.',
    'scope',
    scope,
  ),
});

export const POLICY_SHAPE: YamlShape = map({
  version,
  kind: key(
    'An assertion about what the bundle is bound to; it changes nothing.',
    'one of a set',
    oneOf(
      { value: 'server', doc: 'Bound to `cluster` in cluster.yaml.' },
      { value: 'graph', doc: 'Bound to graphs in cluster.yaml.' },
    ),
  ),
  groups: key(
    'Groups of actor ids by name.',
    'mapping',
    {
      kind: 'named',
      what: 'group',
      doc: 'A group of actors. Rules permit groups, never single actors.',
      of: { kind: 'list', of: text('actor') },
    },
    { default: '{}' },
  ),
  protected_branches: key(
    'Exact branch names that `protected` and `unprotected` refer to. `main` is not protected unless listed.',
    'list of branch names',
    { kind: 'list', of: text('branch') },
    { default: '[]' },
  ),
  rules: key(
    'What is permitted. Whatever no rule permits is denied.',
    'list of rules',
    {
      kind: 'list',
      of: map({
        id: key('Name of the rule in logs and explanations.', 'string', text(), required),
        allow: key('Who may do what, where.', 'mapping', allow, required),
      }),
    },
    { default: '[]' },
  ),
});

export const POLICY_TESTS_SHAPE: YamlShape = map({
  version,
  cases: key(
    'What the policy must decide.',
    'list of cases',
    {
      kind: 'list',
      of: map({
        id: key('Name of the case.', 'string', text(), required),
        actor: key('Who asks; someone the policy does not know is denied.', 'actor id', text('actor'), required),
        action: key('What they ask for.', 'action', text('action'), required),
        branch: key('On which branch.', 'branch name', text('branch')),
        target_branch: key('Into which branch.', 'branch name', text('branch')),
        expect: key(
          'The decision that must come out.',
          'one of a set',
          oneOf({ value: 'allow', doc: 'Some rule permits it.' }, { value: 'deny', doc: 'No rule permits it.' }),
          required,
        ),
      }),
    },
    { default: '[]' },
  ),
});
