/** One thing to offer at a cursor of a `.pg` or `.gq`, before it becomes an LSP completion item. */
import { type CompletionItem, type CompletionItemKind, InsertTextFormat, type TextEdit } from 'vscode-languageserver';

export interface Choice {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** What is written, unless the label. */
  readonly text?: string;
  readonly snippet?: string;
  /** Ask again where the cursor then is. */
  readonly retrigger?: boolean;
  readonly edits?: readonly TextEdit[];
}

/** `rank` orders the list; `replace` puts a text in the place of what is typed. */
export function completionItem(
  { label, kind, detail, documentation, text, snippet, retrigger, edits }: Choice,
  rank: number,
  replace: (newText: string) => NonNullable<CompletionItem['textEdit']>,
  snippets: boolean,
): CompletionItem {
  const template = snippets ? snippet : undefined;
  return {
    label,
    kind,
    sortText: String(rank).padStart(4, '0'),
    filterText: label,
    ...(detail !== undefined && detail !== '' && { detail }),
    ...(documentation !== undefined && { documentation: { kind: 'markdown', value: documentation } }),
    textEdit: replace(template ?? text ?? label),
    ...(template !== undefined && { insertTextFormat: InsertTextFormat.Snippet }),
    ...(edits !== undefined && { additionalTextEdits: [...edits] }),
    ...(retrigger && { command: ASK_AGAIN }),
  };
}

const ASK_AGAIN = { title: 'Suggest', command: 'editor.action.triggerSuggest' };
