/** A picture or a text of a panel's, saved where the user says. */
import * as vscode from 'vscode';

export async function saveFile(
  suggestedName: string,
  kinds: Readonly<Record<string, string[]>>,
  content: Uint8Array,
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, suggestedName) }),
    filters: kinds,
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, content);
}

/** The bytes of a `data:…;base64,…` URL. */
export function bytesOfDataUrl(url: string): Uint8Array {
  const binary = atob(url.slice(url.indexOf(',') + 1));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
