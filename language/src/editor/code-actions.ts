/** What the code actions of both languages have in common: which kinds are wanted, and how fixes become actions. */
import { type CodeAction, CodeActionKind, type CodeActionParams, type WorkspaceEdit } from 'vscode-languageserver';
import type { Diagnostic, LineIndex } from '../diagnostics/index.js';
import type { Span } from '../lexis/index.js';

const FIX_ALL = 'source.fixAll.omnigraph';

export const CODE_ACTION_KINDS = [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL];

interface CheckedText {
  readonly lines: LineIndex;
  readonly compiled: { readonly diagnostics: readonly Diagnostic[] };
}

interface Proposal<C> {
  readonly title: string;
  readonly changes: readonly C[];
}

/** What one language proposes, in its own kind of change. */
interface Proposals<C> {
  readonly fixesOf: (diagnostic: Diagnostic) => readonly (Proposal<C> & { readonly sure: boolean })[];
  readonly refactoringsAt: (offset: number) => readonly Proposal<C>[];
  readonly edit: (changes: readonly C[]) => WorkspaceEdit;
}

export function codeActions<C extends PlacedChange>(
  document: CheckedText,
  params: CodeActionParams,
  proposals: Proposals<C>,
): readonly CodeAction[] {
  return [
    ...(wants(params, CodeActionKind.QuickFix) ? quickFixes(document, params, proposals) : []),
    ...(wants(params, CodeActionKind.RefactorRewrite) ? refactorings(document, params, proposals) : []),
    ...(wants(params, FIX_ALL) ? fixAll(document, proposals) : []),
  ];
}

/** Kinds are nested by dots: who asks for `source` gets `source.fixAll`. */
const wants = ({ context: { only } }: CodeActionParams, kind: string): boolean =>
  only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));

function quickFixes<C>(
  { compiled, lines }: CheckedText,
  { range, context }: CodeActionParams,
  { fixesOf, edit }: Proposals<C>,
): readonly CodeAction[] {
  const [from, to] = [lines.offset(range.start), lines.offset(range.end)];
  return compiled.diagnostics
    .filter((diagnostic) => touchesRange(diagnostic, from, to))
    .flatMap((diagnostic) => {
      const shown = context.diagnostics.filter(
        ({ code, range: { start } }) =>
          code === diagnostic.code &&
          start.line === diagnostic.range?.start.line &&
          start.character === diagnostic.range.start.character,
      );
      return fixesOf(diagnostic).map(({ title, changes, sure }) => ({
        title,
        kind: CodeActionKind.QuickFix,
        ...(shown.length > 0 && { diagnostics: shown }),
        ...(sure && { isPreferred: true }),
        edit: edit(changes),
      }));
    });
}

const touchesRange = ({ range }: Diagnostic, from: number, to: number): boolean =>
  range !== undefined && range.offset <= to && range.offset + range.length >= from;

const refactorings = <C>(
  { lines }: CheckedText,
  { range }: CodeActionParams,
  { refactoringsAt, edit }: Proposals<C>,
): readonly CodeAction[] =>
  refactoringsAt(lines.offset(range.start)).map(({ title, changes }) => ({
    title,
    kind: CodeActionKind.RefactorRewrite,
    edit: edit(changes),
  }));

function fixAll<C extends PlacedChange>(
  { compiled }: CheckedText,
  { fixesOf, edit }: Proposals<C>,
): readonly CodeAction[] {
  const changes = withoutOverlaps(
    compiled.diagnostics.flatMap((diagnostic) => fixesOf(diagnostic).find(({ sure }) => sure) ?? []),
  );
  if (changes.length === 0) return [];
  return [{ title: 'Fix everything that has one sure fix', kind: FIX_ALL, edit: edit(changes) }];
}

/** A change of the document in hand, or of another one that it names. */
interface PlacedChange extends Span {
  readonly document?: object;
}

/** The first fix of a place wins; what it leaves is found again afterwards. */
function withoutOverlaps<C extends PlacedChange>(fixes: readonly Proposal<C>[]): readonly C[] {
  const taken: C[] = [];
  for (const { changes } of fixes) {
    if (changes.every((change) => taken.every((other) => !collide(change, other)))) taken.push(...changes);
  }
  return taken;
}

const collide = (one: PlacedChange, other: PlacedChange): boolean =>
  one.document === other.document &&
  (one.offset === other.offset || (one.offset < other.offset + other.length && other.offset < one.offset + one.length));
