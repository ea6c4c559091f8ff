/** Completion in policy bundles and their tests: keys by place, actions that fit the rule, groups, actors, branches. */
import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver';
import {
  isPolicyAction,
  kindOf,
  knownActors,
  type PolicyAction,
  type PolicyBundle,
  scopeKeyOf,
} from '../../policy/index.js';
import type { PolicyDocument, PolicyTestsDocument } from '../documents.js';
import type { EditorContext, Feature } from '../feature.js';
import { planPreviews } from '../plan/index.js';
import { completeYaml, type OfferedValue } from '../yaml/completion.js';
import type { YamlCursor } from '../yaml/cursor.js';
import { keysAt } from '../yaml/fixes.js';
import type { YamlShape } from '../yaml/shape.js';
import { ACTION_VALUES, POLICY_SHAPE, POLICY_TESTS_SHAPE } from './keys.js';
import { policySource, policyYaml, stringsAt } from './source.js';
import { policyBeside } from './tests.js';

const TRIGGERS = [':', ' ', '[', '-'];

export const policyCompletion: Feature<'policy'> = (context) => ({
  announces: { completionTriggers: TRIGGERS },
  'textDocument/completion': (document, { position }) =>
    complete(document, document.lines.offset(position), POLICY_SHAPE, context, (source, cursor) =>
      valuesInBundle(source, cursor, document, context),
    ),
});

export const policyTestsCompletion: Feature<'policy-tests'> = (context) => ({
  announces: { completionTriggers: TRIGGERS },
  'textDocument/completion': async (document, { position }) => {
    const policy = await policyBeside(document, context.workspace);
    return complete(document, document.lines.offset(position), POLICY_TESTS_SHAPE, context, (source) =>
      valuesInTests(source, policy),
    );
  },
});

const complete = (
  document: PolicyDocument | PolicyTestsDocument,
  offset: number,
  shape: YamlShape,
  { client }: EditorContext,
  values: (source: string, cursor: YamlCursor) => readonly OfferedValue[],
): Promise<readonly CompletionItem[]> =>
  completeYaml({
    text: document.text,
    lines: document.lines,
    offset,
    shape,
    snippets: client.snippets,
    values,
    isExcluded: (key, cursor) => isExcluded(key, cursor, document),
  });

/** A scope key that no action of the rule can carry, or the second of the two. */
function isExcluded(key: string, cursor: YamlCursor, document: PolicyDocument | PolicyTestsDocument): boolean {
  if (key !== 'branch_scope' && key !== 'target_branch_scope') return false;
  if (cursor.siblings.some((sibling) => sibling.endsWith('branch_scope'))) return true;
  const actions = stringsAt(policyYaml(document), [...cursor.path, 'actions']).filter(isPolicyAction);
  return actions.some((action) => scopeKeyOf(action) !== key);
}

function valuesInBundle(
  source: string,
  cursor: YamlCursor,
  document: PolicyDocument,
  context: EditorContext,
): readonly OfferedValue[] {
  const { written } = policySource(document);
  switch (source) {
    case 'action':
      return ACTION_VALUES.filter(({ value }) => isPolicyAction(value) && fitsRule(value, cursor, document)).map(
        asAction,
      );
    case 'group':
      return written.groups.map(({ name, members }) => ({
        value: name.value,
        detail: members.map(({ value }) => value).join(', '),
        kind: CompletionItemKind.Class,
      }));
    case 'actor':
      return actorNames(written.groups.flatMap(({ members }) => members.map(({ value }) => value)));
    case 'branch':
      return branchNames([], document, context);
    default:
      return [];
  }
}

/** Of the bundle's kind, of the kind of the rule's other actions, and able to carry the rule's scope. */
function fitsRule(action: PolicyAction, { siblings, path }: YamlCursor, document: PolicyDocument): boolean {
  const { binding } = document;
  if (binding !== 'either' && kindOf(action) !== binding) return false;
  const others = siblings.filter(isPolicyAction);
  if (others.some((other) => kindOf(other) !== kindOf(action))) return false;
  const allow = path.slice(0, path.lastIndexOf('actions'));
  const scopes = [...keysAt(policyYaml(document), allow)].filter((key) => key.endsWith('branch_scope'));
  return scopes.every((key) => scopeKeyOf(action) === key);
}

function valuesInTests(source: string, policy: PolicyDocument | undefined): readonly OfferedValue[] {
  const bundle: PolicyBundle | undefined = policy?.checked.value;
  switch (source) {
    case 'action': {
      const binding = policy?.binding ?? 'either';
      const fits = (value: string): boolean =>
        binding === 'either' || (isPolicyAction(value) && kindOf(value) === binding);
      return ACTION_VALUES.filter(({ value }) => fits(value)).map(asAction);
    }
    case 'actor':
      return bundle === undefined ? [] : actorNames([...knownActors(bundle)]);
    case 'branch':
      return branchesOf(['main', ...(bundle?.protectedBranches ?? [])]);
    default:
      return [];
  }
}

const asAction = ({ value, doc }: { readonly value: string; readonly doc: string }): OfferedValue => ({
  value,
  doc,
  kind: CompletionItemKind.EnumMember,
});

const actorNames = (names: readonly string[]): readonly OfferedValue[] =>
  [...new Set(names)].map((value) => ({ value, detail: 'actor', kind: CompletionItemKind.Variable }));

/** `main`, and the live branches of the cluster's graphs as far as the plan has looked. */
function branchNames(
  more: readonly string[],
  document: PolicyDocument,
  context: EditorContext,
): readonly OfferedValue[] {
  const cluster = context.workspace.clusterOf(document.uri);
  const preview = cluster && planPreviews(context).current(cluster).preview;
  const live = [...(preview?.graphs.values() ?? [])].flatMap((graph) => (graph.kind === 'open' ? graph.branches : []));
  return branchesOf(['main', ...live, ...more]);
}

const branchesOf = (names: readonly string[]): readonly OfferedValue[] =>
  [...new Set(names)].map((value) => ({ value, detail: 'branch', kind: CompletionItemKind.Reference }));
