/** Quick fixes for policies, found from the code and the place of a problem. */
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic as LspDiagnostic,
  type TextEdit,
} from 'vscode-languageserver';
import { isMap } from 'yaml';
import { nearest } from '../../lexis/index.js';
import { isPolicyAction, kindOf, POLICY_ACTIONS } from '../../policy/index.js';
import type { PolicyDocument, PolicyTestsDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { rangeOfSpan } from '../positions.js';
import { entryAt, keysAt, quickFix, removal, unknownKey } from '../yaml/fixes.js';
import type { YamlShape } from '../yaml/shape.js';
import { entriesOf, placeAt, type YamlPlace } from '../yaml/tree.js';
import { POLICY_SHAPE, POLICY_TESTS_SHAPE } from './keys.js';
import { policySource, policyYaml } from './source.js';

const announces = { codeActionKinds: [CodeActionKind.QuickFix] };

export const policyActions: Feature<'policy'> = () => ({
  announces,
  'textDocument/codeAction': (document, { context: { diagnostics } }) =>
    diagnostics.flatMap((diagnostic) => [
      ...shapeFixes(diagnostic, document, POLICY_SHAPE),
      ...bundleFixes(diagnostic, document),
    ]),
});

export const policyTestsActions: Feature<'policy-tests'> = () => ({
  announces,
  'textDocument/codeAction': (document, { context: { diagnostics } }) =>
    diagnostics.flatMap((diagnostic) =>
      diagnostic.code === 'policy-test-failed'
        ? expectFix(diagnostic, document)
        : shapeFixes(diagnostic, document, POLICY_TESTS_SHAPE),
    ),
});

type AnyPolicy = PolicyDocument | PolicyTestsDocument;

const replacePlace = ({ lines }: AnyPolicy, { start, end }: YamlPlace, newText: string): TextEdit => ({
  range: rangeOfSpan({ offset: start, length: end - start }, lines),
  newText,
});

function placeOf(diagnostic: LspDiagnostic, document: AnyPolicy): YamlPlace | undefined {
  return placeAt(policyYaml(document), document.lines.offset(diagnostic.range.start));
}

/** Misspelt keys and actions. */
function shapeFixes(diagnostic: LspDiagnostic, document: AnyPolicy, shape: YamlShape): readonly CodeAction[] {
  if (diagnostic.code !== 'policy-shape' && diagnostic.code !== 'policy-tests') return [];
  const yaml = policyYaml(document);
  const place = placeOf(diagnostic, document);
  if (place === undefined) return [];
  if (place.on === 'key') {
    const unknown = unknownKey(yaml, shape, place);
    if (unknown === undefined) return missingVersion(diagnostic, document);
    const { word, near } = unknown;
    const entry = entryAt(yaml, place.start);
    return [
      ...(near === undefined
        ? []
        : [quickFix(diagnostic, document, `Change to \`${near}\``, [replacePlace(document, place, near)])]),
      ...(entry === undefined
        ? []
        : [quickFix(diagnostic, document, `Remove \`${word}\``, [removal(yaml, entry)], false)]),
    ];
  }
  const isAction = place.path.includes('actions') || place.path.at(-1) === 'action';
  const word = document.text.slice(place.start, place.end);
  const kind = document.kind === 'policy' ? document.binding : 'either';
  const candidates = POLICY_ACTIONS.filter((action) => kind === 'either' || kindOf(action) === kind);
  const near = isAction && !isPolicyAction(word) ? nearest(word, candidates) : undefined;
  return near === undefined
    ? []
    : [quickFix(diagnostic, document, `Change to \`${near}\``, [replacePlace(document, place, near)])];
}

function missingVersion(diagnostic: LspDiagnostic, document: AnyPolicy): readonly CodeAction[] {
  if (keysAt(policyYaml(document), []).has('version')) return [];
  const start = { line: 0, character: 0 };
  return [
    quickFix(diagnostic, document, 'Add `version: 1`', [{ range: { start, end: start }, newText: 'version: 1\n' }]),
  ];
}

function bundleFixes(diagnostic: LspDiagnostic, document: PolicyDocument): readonly CodeAction[] {
  const yaml = policyYaml(document);
  const place = placeOf(diagnostic, document);
  if (place === undefined) return [];
  switch (diagnostic.code) {
    case 'policy-unknown-group': {
      const { written } = policySource(document);
      const word = document.text.slice(place.start, place.end);
      const names = written.groups.map(({ name }) => name.value);
      const near = nearest(word, names);
      const others = names.filter((name) => name !== near);
      return [
        ...(near === undefined
          ? []
          : [quickFix(diagnostic, document, `Change to \`${near}\``, [replacePlace(document, place, near)])]),
        ...declareGroup(diagnostic, document, word, near === undefined),
        ...others.map((name) =>
          quickFix(diagnostic, document, `Change to \`${name}\``, [replacePlace(document, place, name)], false),
        ),
      ];
    }
    case 'policy-version':
      return [quickFix(diagnostic, document, 'Write `version: 1`', [replacePlace(document, place, '1')])];
    case 'policy-repeated-action':
      return [quickFix(diagnostic, document, 'Remove the repeated action', [removal(yaml, place)])];
    case 'policy-kind-assertion':
    case 'policy-scope-action': {
      const entry = [...entriesOf(yaml)].find(({ value }) => value?.range?.[0] === place.start);
      if (entry === undefined) return [];
      return [quickFix(diagnostic, document, `Remove \`${String(entry.path.at(-1))}\``, [removal(yaml, entry)])];
    }
    default:
      return [];
  }
}

/** A new group at the top of `groups`, with a member to fill in. */
function declareGroup(
  diagnostic: LspDiagnostic,
  document: PolicyDocument,
  name: string,
  isPreferred: boolean,
): readonly CodeAction[] {
  const groups = policyYaml(document).tree.get('groups', true);
  const [first] = isMap(groups) ? groups.items : [];
  const firstKey = first?.key;
  const at =
    typeof firstKey === 'object' && firstKey !== null && 'range' in firstKey
      ? (firstKey.range as readonly number[])[0]
      : undefined;
  if (!isMap(groups) || at === undefined) return [];
  const { character } = document.lines.position(at);
  const entry = `${name}: [${MEMBER}]`;
  const newText = groups.flow === true ? `${entry}, ` : `${entry}\n${' '.repeat(character)}`;
  const range = rangeOfSpan({ offset: at, length: 0 }, document.lines);
  return [quickFix(diagnostic, document, `Declare the group \`${name}\``, [{ range, newText }], isPreferred)];
}

const MEMBER = 'act-someone';

/** The other way to make a test pass: to expect what is decided. */
function expectFix(diagnostic: LspDiagnostic, document: PolicyTestsDocument): readonly CodeAction[] {
  const offset = document.lines.offset(diagnostic.range.start);
  const end = document.lines.offset(diagnostic.range.end);
  const entry = [...entriesOf(policyYaml(document))].find(
    ({ path, start }) => path.length === 3 && path[2] === 'expect' && start >= offset && start <= end,
  );
  const [from = 0, to = 0] = entry?.value?.range ?? [];
  if (from === to) return [];
  const other = document.text.slice(from, to) === 'allow' ? 'deny' : 'allow';
  const range = rangeOfSpan({ offset: from, length: to - from }, document.lines);
  return [quickFix(diagnostic, document, `Expect ${other}`, [{ range, newText: other }], false)];
}
