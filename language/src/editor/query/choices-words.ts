/** Words of the language itself as choices. */
import { CompletionItemKind } from 'vscode-languageserver';
import type { Choice } from '../choice.js';
import type { Section } from './place.js';
import {
  FUNCTIONS,
  KEYWORDS,
  MUTATION_TEMPLATE,
  QUERY_ANNOTATIONS,
  READ_TEMPLATE,
  TEMPORAL,
  type WordHelp,
} from './vocabulary.js';

type Extra = Pick<Choice, 'retrigger' | 'detail'>;

export const word = (
  label: string,
  { summary, snippet }: WordHelp,
  kind: CompletionItemKind = CompletionItemKind.Keyword,
  extra: Extra = {},
): Choice => ({
  label,
  kind,
  documentation: summary,
  ...(snippet !== undefined && { snippet }),
  ...extra,
});

export function keyword(label: string, extra: Extra = {}): Choice {
  const help = KEYWORDS.get(label);
  if (help === undefined) throw new Error(`no keyword ${label}`);
  return word(label, help, CompletionItemKind.Keyword, extra);
}

export function functionChoice(name: string): Choice {
  const help = FUNCTIONS.get(name) ?? TEMPORAL.get(name);
  if (help === undefined) throw new Error(`no function ${name}`);
  const parameters = help.parameters.map(({ label }) => label).join(', ');
  return word(name, help, CompletionItemKind.Function, { detail: `(${parameters}): ${help.result}` });
}

export const TEMPLATES: readonly Choice[] = [
  {
    label: 'query',
    kind: CompletionItemKind.Keyword,
    detail: 'a query that reads',
    documentation: 'Declares a named query with its parameters.',
    snippet: READ_TEMPLATE,
  },
  {
    label: 'query insert',
    kind: CompletionItemKind.Snippet,
    detail: 'a query that writes',
    documentation: 'Declares a mutation: `insert`, `update` and `delete` statements.',
    text: 'query',
    snippet: MUTATION_TEMPLATE,
  },
];

export const annotationChoices = (used: readonly string[]): readonly Choice[] =>
  [...QUERY_ANNOTATIONS]
    .filter(([name]) => !used.includes(name))
    .map(([name, help]) => word(name, help, CompletionItemKind.Property));

/** The sections that may follow those that stand already. */
export function bodyWords(sections: readonly Section[]): readonly Choice[] {
  const statements = ['insert', 'update', 'delete'].map((name) => keyword(name, { retrigger: true }));
  if (sections.includes('statement')) return statements;
  if (sections.includes('limit')) return [];
  if (sections.includes('order')) return [keyword('limit')];
  if (sections.includes('return')) return [keyword('order'), keyword('limit')];
  if (sections.includes('match')) return [keyword('return')];
  return [keyword('match'), ...statements];
}
