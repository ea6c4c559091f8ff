/** Groups within one bundle: definition, references, highlights and rename. */
import type { DocumentHighlight, Location } from 'vscode-languageserver';
import type { SourceRange } from '../../diagnostics/index.js';
import type { PolicyDocument } from '../documents.js';
import { type Feature, RequestRefused } from '../feature.js';
import { locationOf, rangeOf, touches } from '../positions.js';
import { policySource } from './source.js';

interface GroupMention {
  readonly name: string;
  readonly isDeclaration: boolean;
  readonly range: SourceRange;
}

export const policyGroups: Feature<'policy'> = () => ({
  'textDocument/definition': (document, { position }) =>
    located(
      document,
      sameGroup(document, document.lines.offset(position)).filter((each) => each.isDeclaration),
    ),
  'textDocument/references': (document, { position, context }) =>
    located(
      document,
      sameGroup(document, document.lines.offset(position)).filter(
        (each) => context.includeDeclaration || !each.isDeclaration,
      ),
    ),
  'textDocument/documentHighlight': (document, { position }) =>
    sameGroup(document, document.lines.offset(position)).map(
      ({ range }): DocumentHighlight => ({ range: rangeOf(range) }),
    ),
  'textDocument/prepareRename': (document, { position }) => {
    const offset = document.lines.offset(position);
    const mention = mentionsIn(document).find(({ range }) => touches(range, offset));
    return mention === undefined ? null : { range: rangeOf(mention.range), placeholder: mention.name };
  },
  'textDocument/rename': (document, { position, newName }) => {
    const mentions = sameGroup(document, document.lines.offset(position));
    const [first] = mentions;
    if (first === undefined) return null;
    if (newName.trim() === '') throw new RequestRefused('a group needs a name');
    const isTaken = mentionsIn(document).some((each) => each.isDeclaration && each.name === newName);
    if (isTaken && newName !== first.name) throw new RequestRefused(`a group "${newName}" is declared already`);
    return { changes: { [document.uri]: mentions.map(({ range }) => ({ range: rangeOf(range), newText: newName })) } };
  },
});

function sameGroup(document: PolicyDocument, offset: number): readonly GroupMention[] {
  const mentions = mentionsIn(document);
  const under = mentions.find(({ range }) => touches(range, offset));
  return under === undefined ? [] : mentions.filter(({ name }) => name === under.name);
}

function mentionsIn(document: PolicyDocument): readonly GroupMention[] {
  const { written } = policySource(document);
  const mention = (
    isDeclaration: boolean,
    { value, range }: { readonly value: string; readonly range: SourceRange },
  ): GroupMention => ({
    name: value,
    isDeclaration,
    range: inQuotes(range, document),
  });
  return [
    ...written.groups.map(({ name }) => mention(true, name)),
    ...written.rules.map(({ group }) => mention(false, group)),
  ].sort((left, right) => left.range.offset - right.range.offset);
}

function inQuotes(range: SourceRange, { text, lines }: PolicyDocument): SourceRange {
  const quote = text[range.offset];
  return quote === '"' || quote === "'" ? lines.range(range.offset + 1, Math.max(0, range.length - 2)) : range;
}

const located = ({ uri }: PolicyDocument, mentions: readonly GroupMention[]): readonly Location[] =>
  mentions.map(({ range }) => locationOf(uri, range));
