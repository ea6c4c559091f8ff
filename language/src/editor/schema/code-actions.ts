/** Code actions of a schema: fixes of its diagnostics, changes at the cursor, and all sure fixes at once. */
import { type CodeAction, CodeActionKind, type CodeActionParams, type TextEdit } from 'vscode-languageserver';
import type { Diagnostic } from '../../diagnostics/index.js';
import type { SchemaDocument } from '../documents.js';
import type { EditorContext, Feature } from '../feature.js';
import { rangeOfSpan } from '../positions.js';
import { acceptedSchema } from '../symbols/index.js';
import type { Change } from './edits.js';
import { type Fix, fixesOf } from './fixes.js';
import { refactoringsAt } from './refactorings.js';

const FIX_ALL = 'source.fixAll.omnigraph';

export const schemaCodeActions: Feature<'schema'> = (context) => ({
  announces: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL] },
  'textDocument/codeAction': (document, params) => [
    ...(wants(params, CodeActionKind.QuickFix) ? quickFixes(document, params) : []),
    ...(wants(params, CodeActionKind.RefactorRewrite) ? refactorings(document, params, context) : []),
    ...(wants(params, FIX_ALL) ? fixAll(document) : []),
  ],
});

/** Kinds are nested by dots: who asks for `source` gets `source.fixAll`. */
const wants = ({ context: { only } }: CodeActionParams, kind: string): boolean =>
  only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));

function quickFixes(document: SchemaDocument, { range, context }: CodeActionParams): readonly CodeAction[] {
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
      return fixesOf(diagnostic, document).map(({ title, changes, sure }) => ({
        title,
        kind: CodeActionKind.QuickFix,
        ...(shown.length > 0 && { diagnostics: shown }),
        ...(sure && { isPreferred: true }),
        edit: { changes: { [document.uri]: edits(document, changes) } },
      }));
    });
}

const touchesRange = ({ range }: Diagnostic, from: number, to: number): boolean =>
  range !== undefined && range.offset <= to && range.offset + range.length >= from;

function refactorings(
  document: SchemaDocument,
  { range }: CodeActionParams,
  context: EditorContext,
): readonly CodeAction[] {
  const accepted = acceptedSchema(document.uri, context);
  return refactoringsAt(document, document.lines.offset(range.start), accepted).map(({ title, changes }) => ({
    title,
    kind: CodeActionKind.RefactorRewrite,
    edit: { changes: { [document.uri]: edits(document, changes) } },
  }));
}

function fixAll(document: SchemaDocument): readonly CodeAction[] {
  const changes = withoutOverlaps(
    document.compiled.diagnostics.flatMap((diagnostic) =>
      fixesOf(diagnostic, document)
        .filter(({ sure }) => sure)
        .slice(0, 1),
    ),
  );
  if (changes.length === 0) return [];
  return [
    {
      title: 'Fix everything that has one sure fix',
      kind: FIX_ALL,
      edit: { changes: { [document.uri]: edits(document, changes) } },
    },
  ];
}

/** The first fix of a place wins; what it leaves is found again afterwards. */
function withoutOverlaps(fixes: readonly Fix[]): readonly Change[] {
  const taken: Change[] = [];
  for (const { changes } of fixes) {
    const free = changes.every(({ offset, length }) =>
      taken.every((other) => offset + length <= other.offset || other.offset + other.length <= offset),
    );
    const repeated = changes.some((change) => taken.some((other) => other.offset === change.offset));
    if (free && !repeated) taken.push(...changes);
  }
  return taken;
}

const edits = ({ lines }: SchemaDocument, changes: readonly Change[]): TextEdit[] =>
  changes.map((change) => ({ range: rangeOfSpan(change, lines), newText: change.text }));
