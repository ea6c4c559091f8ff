/** Rename: variables, parameters and columns inside their query; everything else across files. */
import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { CompiledQueryDeclaration } from '../../query/index.js';
import type { QueryDocument } from '../documents.js';
import { type Feature, RequestRefused } from '../feature.js';
import { offsetOf, rangeOfSpan } from '../positions.js';
import { prepareRenameAt, renameAt } from '../symbols/index.js';
import { bareSpan, isLocal, type LocalName, nameAt, placesOf, variableOf } from './name-at.js';

export const queryRename: Feature<'query'> = (context) => ({
  'textDocument/prepareRename': (document, { position }) => {
    const found = nameAt(document, offsetOf(position, document.lines));
    if (found === undefined || !isLocal(found.occurrence)) return prepareRenameAt(document, position);
    refuseBroken(document, found.declaration);
    const range = rangeOfSpan(bareSpan(found.occurrence), document.lines, found.declaration.offset);
    return { range, placeholder: writtenName(found.declaration, found.occurrence) };
  },
  'textDocument/rename': (document, { position, newName }) => {
    const found = nameAt(document, offsetOf(position, document.lines));
    if (found === undefined || !isLocal(found.occurrence)) return renameAt(context, document, position, newName);
    return renameLocal(document, found.declaration, found.occurrence, newName);
  },
});

function renameLocal(
  document: QueryDocument,
  declaration: CompiledQueryDeclaration,
  name: LocalName,
  given: string,
): WorkspaceEdit | null {
  refuseBroken(document, declaration);
  const newName = name.kind !== 'alias' && given.startsWith('$') ? given.slice(1) : given;
  if (newName === writtenName(declaration, name)) return null;
  refuseName(declaration, name, newName);
  const edits = placesOf(declaration, name).map(
    (one): TextEdit => ({
      range: rangeOfSpan(bareSpan(one), document.lines, declaration.offset),
      newText: newName,
    }),
  );
  return { changes: { [document.uri]: edits } };
}

/** In a text with syntax errors some places are unknown. */
function refuseBroken({ compiled }: QueryDocument, { offset, length }: CompiledQueryDeclaration): void {
  const broken = compiled.diagnostics.some(
    ({ stage, range }) =>
      stage === 'P' && range !== undefined && range.offset >= offset && range.offset < offset + length,
  );
  if (broken) throw new RequestRefused('correct the syntax error in this query first');
}

function writtenName(declaration: CompiledQueryDeclaration, name: LocalName): string {
  return name.kind === 'variable' ? (variableOf(declaration, name)?.name ?? '') : name.name;
}

const IDENTIFIER = /^[a-z_][A-Za-z0-9_]*$/;

function refuseName({ symbols }: CompiledQueryDeclaration, name: LocalName, newName: string): void {
  if (!IDENTIFIER.test(newName) || newName === '_') {
    throw new RequestRefused(
      `'${newName}' is no name: it starts with a lower-case letter or '_', then letters, digits and '_'`,
    );
  }
  const same = (symbols?.occurrences ?? []).some((one) =>
    one.kind === 'alias' || one.kind === 'parameter'
      ? one.kind === sameSpace(name) && one.name === newName
      : one.kind === 'variable' && name.kind === 'variable' && symbols?.variables[one.variable]?.name === newName,
  );
  // A bare `$x` means a parameter before a variable, so the two may not meet under one name by a rename.
  const crossing =
    name.kind !== 'alias' &&
    (symbols?.occurrences ?? []).some(
      (one) =>
        (one.kind === 'parameter' && one.name === newName) ||
        (one.kind === 'variable' && symbols?.variables[one.variable]?.name === newName),
    );
  if (same || crossing) throw new RequestRefused(`'${newName}' is taken in this query`);
}

const sameSpace = ({ kind }: LocalName): 'alias' | 'parameter' | undefined => (kind === 'variable' ? undefined : kind);
