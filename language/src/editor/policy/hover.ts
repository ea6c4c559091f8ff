/** Hovers in policies: a rule in a sentence, what a group may do, and what keys and actions mean. */
import type { Hover, Position } from 'vscode-languageserver';
import { isPolicyAction } from '../../policy/index.js';
import type { PolicyDocument, PolicyTestsDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { policyTestResults } from '../panels/policy-tests.js';
import { rangeOfSpan } from '../positions.js';
import { describeEntry, describeValue } from '../yaml/hover.js';
import { placeAt, type YamlPlace } from '../yaml/tree.js';
import { ACTION_DOCS, POLICY_SHAPE, POLICY_TESTS_SHAPE } from './keys.js';
import { ruleSentence } from './sentence.js';
import { policySource, policyYaml } from './source.js';

export const policyHover: Feature<'policy'> = () => ({
  'textDocument/hover': (document, { position }) =>
    hoverAt(document, position, (place, word) => {
      const rule = ruleAt(document, place);
      const about = aboutPlace(document, place, word);
      return [...(rule === undefined ? [] : [rule]), ...(about === undefined ? [] : [about])];
    }),
});

export const policyTestsHover: Feature<'policy-tests'> = ({ workspace }) => ({
  'textDocument/hover': async (document, { position }) => {
    const results = await policyTestResults(workspace, { uri: document.uri });
    const cases = results.kind === 'results' ? results.cases : [];
    return hoverAt(document, position, (place, word) => {
      const result = cases.find(({ range }) => holds(range, place.start));
      const verdict = result && `${result.expected === result.actual ? '✓' : '✗'} ${result.message}`;
      const about =
        place.on === 'key'
          ? describeEntry(POLICY_TESTS_SHAPE, place.path)
          : isPolicyAction(word)
            ? `**\`${word}\`**\n\n${ACTION_DOCS[word]}`
            : describeValue(POLICY_TESTS_SHAPE, place.path, word);
      return [verdict, about].filter((part) => part !== undefined);
    });
  },
});

function hoverAt(
  document: PolicyDocument | PolicyTestsDocument,
  position: Position,
  describe: (place: YamlPlace, word: string) => readonly string[],
): Hover | null {
  const place = placeAt(policyYaml(document), document.lines.offset(position));
  if (place === undefined) return null;
  const { start, end } = place;
  const parts = describe(place, document.text.slice(start, end));
  if (parts.length === 0) return null;
  return {
    contents: { kind: 'markdown', value: parts.join('\n\n---\n\n') },
    range: rangeOfSpan({ offset: start, length: end - start }, document.lines),
  };
}

function ruleAt(document: PolicyDocument, { start }: YamlPlace): string | undefined {
  const { written } = policySource(document);
  const rule = written.rules.find(({ range }) => holds(range, start));
  return rule && ruleSentence(rule, written);
}

function aboutPlace(document: PolicyDocument, { path, on }: YamlPlace, word: string): string | undefined {
  const { written } = policySource(document);
  if (on === 'value' && isPolicyAction(word) && path.includes('actions'))
    return `**\`${word}\`**\n\n${ACTION_DOCS[word]}`;
  const isGroup = (on === 'key' && path[0] === 'groups' && path.length === 2) || path.at(-1) === 'group';
  const name = on === 'key' ? String(path.at(-1)) : unquoted(word);
  const group = isGroup ? written.groups.find((each) => each.name.value === name) : undefined;
  if (group !== undefined) {
    const rules = written.rules
      .filter((rule) => rule.group.value === name)
      .map((rule) => `- ${ruleSentence(rule, written)}`);
    const members = group.members.map(({ value }) => `\`${value}\``).join(', ');
    return `**\`${name}\`** · group of ${members}\n\n${rules.join('\n') || 'No rule permits anything to it.'}`;
  }
  return on === 'key' ? describeEntry(POLICY_SHAPE, path) : describeValue(POLICY_SHAPE, path, unquoted(word));
}

const unquoted = (word: string): string => word.replace(/^["']|["']$/g, '');

const holds = ({ offset, length }: { readonly offset: number; readonly length: number }, at: number): boolean =>
  at >= offset && at <= offset + length;
