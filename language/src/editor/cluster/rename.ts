/** Renaming graphs, providers and policies within `cluster.yaml`, and queries of a mapping everywhere. What is stored under the old name does not move. */
import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { isResourceId } from '../../cluster/index.js';
import type { ClusterDocument } from '../documents.js';
import { type ClientFacts, type Feature, RequestRefused } from '../feature.js';
import { rangeOfSpan } from '../positions.js';
import { prepareRenameAt, renameAt } from '../symbols/index.js';
import { type NameKind, nameAt, nameOccurrences } from './names.js';

export const clusterRename: Feature<'cluster'> = (context) => ({
  'textDocument/prepareRename': (document, { position }) => {
    const name = nameAt(document, document.lines.offset(position));
    // The key of a query mapping is the name of a query, which its `.gq` file declares.
    if (name === undefined) return prepareRenameAt(document, position);
    return { range: rangeOfSpan(name, document.lines), placeholder: name.name };
  },
  'textDocument/rename': (document, { position, newName }) => {
    const name = nameAt(document, document.lines.offset(position));
    if (name === undefined) return renameAt(context, document, position, newName);
    if (!isResourceId(newName)) {
      throw new RequestRefused(
        `"${newName}" is no ${name.kind} name: letters, digits, _ and -, not beginning with a digit or -`,
      );
    }
    const occurrences = nameOccurrences(document).filter((each) => each.kind === name.kind);
    if (newName !== name.name && occurrences.some((each) => each.isDeclaration && each.name === newName)) {
      throw new RequestRefused(`a ${name.kind} "${newName}" is declared already`);
    }
    const edits = occurrences
      .filter((each) => each.name === name.name)
      .map(
        (each): TextEdit => ({ range: rangeOfSpan(each, document.lines), newText: textAt(document, each, newName) }),
      );
    return withWarning(document, edits, name.kind, name.name, newName, context.client);
  },
});

/** A bare `cluster` in `applies_to` means the server, so a graph of that name needs its prefix there. */
function textAt(
  document: ClusterDocument,
  { kind, isDeclaration, offset }: ReturnType<typeof nameOccurrences>[number],
  newName: string,
): string {
  const isBare = kind === 'graph' && !isDeclaration && document.text[offset - 1] !== '.';
  return isBare && newName === 'cluster' ? 'graph.cluster' : newName;
}

const WARNING = 'stored graph';

function withWarning(
  document: ClusterDocument,
  edits: readonly TextEdit[],
  kind: NameKind,
  oldName: string,
  newName: string,
  client: ClientFacts,
): WorkspaceEdit {
  const isStored = kind === 'graph' && oldName !== newName;
  if (!client.documentChanges || !client.changeAnnotations || !isStored) {
    return { changes: { [document.uri]: [...edits] } };
  }
  return {
    documentChanges: [
      {
        textDocument: { uri: document.uri, version: document.version ?? null },
        edits: edits.map((edit) => ({ ...edit, annotationId: WARNING })),
      },
    ],
    changeAnnotations: {
      [WARNING]: {
        label: `Rename graph ${oldName} to ${newName}`,
        description: `The stored graph does not move: apply creates an empty ${newName} and asks for approval to delete ${oldName}`,
        needsConfirmation: true,
      },
    },
  };
}
