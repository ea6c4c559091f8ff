/** A rule in one sentence. */
import {
  type PolicyScope,
  type ScopeKey,
  scopeKeyOf,
  type WrittenBundle,
  type WrittenRule,
} from '../../policy/index.js';
import { ACTION_VERBS } from './keys.js';

/** "Members of curators (act-ines, act-tomas) may read and export, on any branch." Markdown. */
export function ruleSentence(rule: WrittenRule, bundle: WrittenBundle): string {
  const group = bundle.groups.find(({ name }) => name.value === rule.group.value);
  const members = group?.members.map(({ value }) => value) ?? [];
  const who =
    group === undefined
      ? `Nobody (there is no group \`${rule.group.value}\`)`
      : `Members of \`${rule.group.value}\` (${inWords(members) || 'nobody'})`;
  const verbs = [...new Set(rule.actions.map(({ value }) => ACTION_VERBS[value]))];
  const isReserved = rule.actions.some(({ value }) => value === 'admin') ? ' Nothing asks for `admin` yet.' : '';
  return `${who} may ${inWords(verbs) || 'do nothing'}${where(rule, bundle)}.${isReserved}`;
}

function where(rule: WrittenRule, bundle: WrittenBundle): string {
  const listed = bundle.protectedBranches.map(({ value }) => `\`${value}\``);
  for (const [key, scope] of rule.scopes) return `, ${placeOf(key, scope.value, listed)}`;
  const keys = new Set(rule.actions.map(({ value }) => scopeKeyOf(value)));
  if (keys.has('branch_scope')) return ', on any branch';
  return keys.has('target_branch_scope') ? ', into any branch' : '';
}

function placeOf(key: ScopeKey, scope: PolicyScope, listed: readonly string[]): string {
  const on = key === 'branch_scope' ? 'on' : 'into';
  switch (scope) {
    case 'any':
      return `${on} any branch`;
    case 'protected':
      return listed.length === 0
        ? `${on} protected branches, of which there are none`
        : `${on} the protected ${listed.length === 1 ? 'branch' : 'branches'} ${inWords(listed)}`;
    case 'unprotected':
      return listed.length === 0 ? `${on} any branch that is named` : `${on} any branch but ${inWords(listed)}`;
    default:
      return scope satisfies never;
  }
}

/** `a`, `a and b`, `a, b and c`. */
const inWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
