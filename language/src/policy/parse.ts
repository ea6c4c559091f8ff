/**
 * Policy bundles from text (policy.md §3): strict at every level, since a misspelt `branch_scope` must not widen
 * access. Shape errors (V1) end the reading; otherwise every broken rule V2–V18 is reported, the first of the
 * specification's order first.
 */
import { isMap, type ParsedNode } from 'yaml';
import type { Checked, Diagnostic, SourceRange } from '../diagnostics/index.js';
import { type Located, rangeOf, readYaml, StrictMap, type YamlSource } from '../yaml/index.js';
import {
  isPolicyAction,
  isPolicyScope,
  kindOf,
  type PolicyAction,
  type PolicyKind,
  type PolicyScope,
  type ScopeKey,
  scopeKeyOf,
} from './actions.js';
import type { PolicyBundle, PolicyRule } from './bundle.js';

export interface PolicyOptions {
  readonly uri?: string;
  /** What the bundle is bound to; `either` when its bindings are themselves in error (policy.md §4). */
  readonly kind: PolicyKind | 'either';
}

/** The bundle, when nothing is wrong with it, and every diagnostic (stage Y). */
export function parsePolicy(text: string, options: PolicyOptions): Checked<PolicyBundle | undefined> {
  const diagnostics: Diagnostic[] = [];
  const report = (code: string, message: string, range: SourceRange, remedy?: string): void => {
    diagnostics.push({
      code,
      severity: 'error',
      stage: 'Y',
      message,
      range,
      ...(options.uri === undefined ? {} : { uri: options.uri }),
      ...(remedy === undefined ? {} : { remedy }),
    });
  };
  const source = readYaml(text);
  for (const problem of source.problems) report('policy-syntax', problem.message, problem.range);
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const written = readShape(source, (message, range) => report('policy-shape', message, range));
  if (written === undefined || diagnostics.length > 0) return { value: undefined, diagnostics };
  checkRules(written, options.kind, report);
  return { value: diagnostics.length > 0 ? undefined : toBundle(written), diagnostics };
}

/** A bundle's syntax with every place, as much of it as can be read; nothing is checked. Never throws. */
export function parsePolicySource(text: string): PolicySource {
  const yaml = readYaml(text);
  return { yaml, written: readShape(yaml, () => undefined) ?? NOTHING_WRITTEN };
}

export interface PolicySource {
  readonly yaml: YamlSource;
  readonly written: WrittenBundle;
}

/** A bundle as it stands in the text, each name and value with its place. */
export interface WrittenBundle {
  readonly version: Located<number> | undefined;
  readonly kind: Located<PolicyKind> | undefined;
  readonly groups: readonly { readonly name: Located<string>; readonly members: readonly Located<string>[] }[];
  readonly protectedBranches: readonly Located<string>[];
  readonly rules: readonly WrittenRule[];
}

export interface WrittenRule {
  readonly id: Located<string>;
  readonly group: Located<string>;
  readonly actions: readonly Located<PolicyAction>[];
  readonly actionsRange: SourceRange;
  readonly scopes: ReadonlyMap<ScopeKey, Located<PolicyScope>>;
  readonly range: SourceRange;
}

const NOTHING_WRITTEN: WrittenBundle = {
  version: undefined,
  kind: undefined,
  groups: [],
  protectedBranches: [],
  rules: [],
};

type ShapeReport = (message: string, range: SourceRange) => void;

function readShape(source: YamlSource, report: ShapeReport): WrittenBundle | undefined {
  const root = source.document.contents;
  if (!isMap(root)) {
    report('a policy bundle must be a mapping with `version: 1`', rangeOf(root, source.lines));
    return undefined;
  }
  const map = new StrictMap(root, '', source, report);
  const version = map.integer('version');
  const kind = readKind(map, report);
  const groups = map.map('groups');
  const bundle = {
    version,
    kind,
    groups: groups === undefined ? [] : readGroups(groups),
    protectedBranches: map.strings('protected_branches') ?? [],
    rules: (map.list('rules') ?? []).flatMap((item, index) => readRule(item, index, source, report) ?? []),
  };
  map.close();
  return bundle;
}

function readKind(map: StrictMap, report: ShapeReport): Located<PolicyKind> | undefined {
  const kind = map.optionalString('kind');
  if (kind === undefined) return undefined;
  if (kind.value === 'server' || kind.value === 'graph') return { value: kind.value, range: kind.range };
  report('`kind` must be `server` or `graph`', kind.range);
  return undefined;
}

function readGroups(groups: StrictMap): WrittenBundle['groups'] {
  return groups
    .entries()
    .map(({ key, value }) => ({ name: key, members: groups.strings(key.value, value) ?? [] }))
    .sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
}

function readRule(item: ParsedNode, index: number, source: YamlSource, report: ShapeReport): WrittenRule | undefined {
  const range = rangeOf(item, source.lines);
  if (!isMap(item)) {
    report(`\`rules[${index}]\` must be a mapping`, range);
    return undefined;
  }
  const rule = new StrictMap(item, `rules[${index}]`, source, report);
  const id = rule.string('id');
  const allow = rule.map('allow', rule.required('allow'));
  rule.close();
  if (allow === undefined) return undefined;
  const actors = allow.map('actors', allow.required('actors'));
  const group = actors?.string('group');
  actors?.close();
  const actionsNode = allow.required('actions');
  const actions = readActions(allow, actionsNode, report);
  const scopes = new Map<ScopeKey, Located<PolicyScope>>();
  for (const key of ['branch_scope', 'target_branch_scope'] as const) {
    const scope = allow.optionalString(key);
    if (scope === undefined) continue;
    if (isPolicyScope(scope.value)) scopes.set(key, { value: scope.value, range: scope.range });
    else report(`\`${allow.path(key)}\` must be any, protected or unprotected, not \`${scope.value}\``, scope.range);
  }
  allow.close();
  if (id === undefined || group === undefined || actions === undefined) return undefined;
  return { id, group, actions, actionsRange: rangeOf(actionsNode, source.lines), scopes, range };
}

function readActions(
  allow: StrictMap,
  node: ParsedNode | undefined,
  report: ShapeReport,
): readonly Located<PolicyAction>[] | undefined {
  return allow.strings('actions', node)?.flatMap(({ value, range }) => {
    if (isPolicyAction(value)) return [{ value, range }];
    report(`unknown action \`${value}\` in \`${allow.path('actions')}\``, range);
    return [];
  });
}

type RuleReport = (code: string, message: string, range: SourceRange, remedy?: string) => void;

const isBlank = (text: string): boolean => text.trim() === '';

function checkRules(bundle: WrittenBundle, kind: PolicyOptions['kind'], report: RuleReport): void {
  // A missing version was reported with the shape.
  const { version } = bundle;
  if (version !== undefined && version.value !== 1) {
    report('policy-version', 'the policy version must be 1', version.range);
  }
  if (bundle.kind !== undefined && kind !== 'either' && bundle.kind.value !== kind) {
    const bound = kind === 'server' ? 'cluster (a server policy)' : 'graphs (a graph policy)';
    report(
      'policy-kind-assertion',
      `the bundle says \`kind: ${bundle.kind.value}\` but is bound to ${bound}`,
      bundle.kind.range,
    );
  }
  for (const { name, members } of bundle.groups) {
    if (isBlank(name.value)) report('policy-blank-group', 'group names must not be blank', name.range);
    if (members.length === 0) report('policy-empty-group', `group '${name.value}' has no members`, name.range);
    for (const member of members) {
      if (isBlank(member.value))
        report('policy-blank-actor', `group '${name.value}' contains a blank actor id`, member.range);
    }
  }
  for (const branch of bundle.protectedBranches) {
    if (isBlank(branch.value)) report('policy-blank-branch', 'protected branch names must not be blank', branch.range);
  }
  const groups = new Set(bundle.groups.map(({ name }) => name.value));
  const ids = new Set<string>();
  for (const rule of bundle.rules) {
    checkIdentity(rule, ids, groups, report);
    checkScopes(rule, report);
    checkActions(rule, kind, report);
  }
}

function checkIdentity(rule: WrittenRule, ids: Set<string>, groups: ReadonlySet<string>, report: RuleReport): void {
  if (isBlank(rule.id.value)) report('policy-blank-rule-id', 'rule ids must not be blank', rule.id.range);
  else if (ids.has(rule.id.value))
    report('policy-duplicate-rule-id', `duplicate rule id '${rule.id.value}'`, rule.id.range);
  ids.add(rule.id.value);
  const group = rule.group.value;
  if (isBlank(group))
    report('policy-blank-group-reference', `rule '${rule.id.value}' references a blank group`, rule.group.range);
  else if (!groups.has(group)) {
    const declared = groups.size === 0 ? 'declare it under `groups`' : `declared groups: ${[...groups].join(', ')}`;
    report(
      'policy-unknown-group',
      `rule '${rule.id.value}' names the unknown group '${group}'`,
      rule.group.range,
      declared,
    );
  }
  if (rule.actions.length === 0) report('policy-no-action', `rule '${rule.id.value}' has no action`, rule.actionsRange);
}

function checkScopes(rule: WrittenRule, report: RuleReport): void {
  if (rule.scopes.size === 2) {
    report(
      'policy-two-scopes',
      `rule '${rule.id.value}' sets both branch_scope and target_branch_scope; only one of the two keys may be used`,
      rule.range,
    );
    return;
  }
  for (const [key, scope] of rule.scopes) {
    const unsupported = rule.actions.find((action) => scopeKeyOf(action.value) !== key);
    if (unsupported !== undefined) {
      report(
        'policy-scope-action',
        `rule '${rule.id.value}' uses ${key} with the unsupported action '${unsupported.value}'`,
        scope.range,
        `move '${unsupported.value}' to a rule without ${key}`,
      );
    }
  }
}

function checkActions(rule: WrittenRule, kind: PolicyOptions['kind'], report: RuleReport): void {
  const kinds = new Set(rule.actions.map((action) => kindOf(action.value)));
  if (kinds.size === 2) {
    report(
      'policy-mixed-actions',
      `rule '${rule.id.value}' mixes actions: server-scoped and per-graph ones must be split into separate rules`,
      rule.actionsRange,
    );
  }
  const seen = new Set<PolicyAction>();
  for (const action of rule.actions) {
    if (seen.has(action.value))
      report('policy-repeated-action', `rule '${rule.id.value}' repeats the action '${action.value}'`, action.range);
    seen.add(action.value);
  }
  if (kind === 'either' || kinds.size === 2) return;
  const misplaced = rule.actions.find((action) => kindOf(action.value) !== kind);
  if (misplaced === undefined) return;
  const [what, where] =
    kind === 'graph'
      ? ['server-scoped', 'the server policy file (bound to cluster)']
      : ['per-graph', 'a per-graph policy file'];
  report(
    'policy-kind',
    `rule '${rule.id.value}': action '${misplaced.value}' is ${what} and belongs in ${where}`,
    misplaced.range,
  );
}

function toBundle(written: WrittenBundle): PolicyBundle {
  return {
    assertedKind: written.kind?.value ?? null,
    groups: new Map(written.groups.map(({ name, members }) => [name.value, members.map((member) => member.value)])),
    protectedBranches: written.protectedBranches.map((branch) => branch.value),
    rules: written.rules.map(toRule),
  };
}

function toRule(rule: WrittenRule): PolicyRule {
  return {
    id: rule.id.value,
    group: rule.group.value,
    actions: rule.actions.map((action) => action.value),
    branchScope: rule.scopes.get('branch_scope')?.value ?? null,
    targetBranchScope: rule.scopes.get('target_branch_scope')?.value ?? null,
    range: rule.range,
  };
}
