/** Code actions of a query: fixes of its diagnostics, changes at the cursor, and all sure fixes at once. */
import { type CodeAction, CodeActionKind, type CodeActionParams } from 'vscode-languageserver';
import type { Diagnostic } from '../../diagnostics/index.js';
import type { QueryDocument, SchemaDocument } from '../documents.js';
import type { Feature } from '../feature.js';
import { withoutOverlaps, workspaceEdit } from './changes.js';
import { fixesOf } from './fixes.js';
import { refactoringsAt } from './refactorings.js';

const FIX_ALL = 'source.fixAll.omnigraph';

export const queryCodeActions: Feature<'query'> = ({ workspace }) => ({
  announces: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL] },
  'textDocument/codeAction': (document, params) => {
    const schema = workspace.schemaOf(document);
    return [
      ...(wants(params, CodeActionKind.QuickFix) ? quickFixes(document, schema, params) : []),
      ...(wants(params, CodeActionKind.RefactorRewrite) ? refactorings(document, params) : []),
      ...(wants(params, FIX_ALL) ? fixAll(document, schema) : []),
    ];
  },
});

/** Kinds are nested by dots: who asks for `source` gets `source.fixAll`. */
const wants = ({ context: { only } }: CodeActionParams, kind: string): boolean =>
  only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));

function quickFixes(
  document: QueryDocument,
  schema: SchemaDocument | undefined,
  { range, context }: CodeActionParams,
): readonly CodeAction[] {
  const [from, to] = [document.lines.offset(range.start), document.lines.offset(range.end)];
  return document.compiled.diagnostics
    .filter((diagnostic) => touchesRange(diagnostic, from, to))
    .flatMap((diagnostic) => {
      const shown = context.diagnostics.filter(
        ({ code, range: { start } }) =>
          code === diagnostic.code &&
          start.line === diagnostic.range?.start.line &&
          start.character === diagnostic.range.start.character,
      );
      return fixesOf(diagnostic, document, schema).map(({ title, changes, sure }) => ({
        title,
        kind: CodeActionKind.QuickFix,
        ...(shown.length > 0 && { diagnostics: shown }),
        ...(sure && { isPreferred: true }),
        edit: workspaceEdit(changes),
      }));
    });
}

const touchesRange = ({ range }: Diagnostic, from: number, to: number): boolean =>
  range !== undefined && range.offset <= to && range.offset + range.length >= from;

const refactorings = (document: QueryDocument, { range }: CodeActionParams): readonly CodeAction[] =>
  refactoringsAt(document, document.lines.offset(range.start)).map(({ title, changes }) => ({
    title,
    kind: CodeActionKind.RefactorRewrite,
    edit: workspaceEdit(changes),
  }));

function fixAll(document: QueryDocument, schema: SchemaDocument | undefined): readonly CodeAction[] {
  const changes = withoutOverlaps(
    document.compiled.diagnostics.flatMap((diagnostic) => {
      const [first] = fixesOf(diagnostic, document, schema).filter(({ sure }) => sure);
      return first === undefined ? [] : [first.changes];
    }),
  );
  if (changes.length === 0) return [];
  return [{ title: 'Fix everything that has one sure fix', kind: FIX_ALL, edit: workspaceEdit(changes) }];
}
