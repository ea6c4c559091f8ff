/** Lenses that count uses open VS Code's own list of them. */
import * as vscode from 'vscode';
import type { Extension } from './extension.js';

interface Place {
  readonly line: number;
  readonly character: number;
}

interface ShownLocation {
  readonly uri: string;
  readonly range: { readonly start: Place; readonly end: Place };
}

/** `omnigraph.showReferences(uri, position, locations)`, in the shapes of LSP. */
export const referencesCommand = ({ commands }: Extension): vscode.Disposable =>
  commands.register('omnigraph.showReferences', async (uri, position, locations) => {
    if (typeof uri !== 'string') return;
    await vscode.commands.executeCommand(
      'editor.action.showReferences',
      vscode.Uri.parse(uri),
      positionOf(position as Place),
      ((locations ?? []) as readonly ShownLocation[]).map(
        ({ uri: where, range }) =>
          new vscode.Location(
            vscode.Uri.parse(where),
            new vscode.Range(positionOf(range.start), positionOf(range.end)),
          ),
      ),
    );
  });

const positionOf = ({ line, character }: Place): vscode.Position => new vscode.Position(line, character);
