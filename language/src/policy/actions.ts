/** The closed set of actions (policy.md §2), what they act on, and which scope key a rule about them may carry. */
export const POLICY_ACTIONS = [
  'read',
  'export',
  'change',
  'schema_apply',
  'branch_create',
  'branch_delete',
  'branch_merge',
  'invoke_query',
  'admin',
  'graph_list',
] as const;

export type PolicyAction = (typeof POLICY_ACTIONS)[number];

export type PolicyKind = 'server' | 'graph';

export type PolicyScope = 'any' | 'protected' | 'unprotected';

export type ScopeKey = 'branch_scope' | 'target_branch_scope';

const SCOPE_KEYS: ReadonlyMap<PolicyAction, ScopeKey> = new Map([
  ['read', 'branch_scope'],
  ['export', 'branch_scope'],
  ['change', 'branch_scope'],
  ['schema_apply', 'target_branch_scope'],
  ['branch_create', 'target_branch_scope'],
  ['branch_delete', 'target_branch_scope'],
  ['branch_merge', 'target_branch_scope'],
]);

export const isPolicyAction = (text: string): text is PolicyAction =>
  (POLICY_ACTIONS as readonly string[]).includes(text);

export const isPolicyScope = (text: string): text is PolicyScope =>
  text === 'any' || text === 'protected' || text === 'unprotected';

export const scopeKeyOf = (action: PolicyAction): ScopeKey | undefined => SCOPE_KEYS.get(action);

export const kindOf = (action: PolicyAction): PolicyKind => (action === 'graph_list' ? 'server' : 'graph');
