/** Files for a language server that has none: read by the client, whatever file system the workspace is on. */
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type FileListAnswer, type FileReadAnswer, LIST_FILES, READ_FILE } from './file-requests.js';

export const serveFiles = (client: BaseLanguageClient): readonly vscode.Disposable[] => [
  client.onRequest(READ_FILE, ({ uri }: { readonly uri: string }) => readText(vscode.Uri.parse(uri))),
  client.onRequest(LIST_FILES, ({ uri }: { readonly uri: string }) => listEntries(vscode.Uri.parse(uri))),
];

async function readText(uri: vscode.Uri): Promise<FileReadAnswer> {
  let bytes: Uint8Array;
  try {
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (error) {
    return problemOf(error, 'no such file');
  }
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { kind: 'not_utf8', message: 'it is not UTF-8 text' };
  }
}

async function listEntries(uri: vscode.Uri): Promise<FileListAnswer> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(uri);
    return { kind: 'entries', entries: entries.map(([name, type]) => ({ name, kind: kindOf(type) })) };
  } catch (error) {
    return problemOf(error, 'no such directory');
  }
}

/** A link carries the bit of what it leads to. */
function kindOf(type: vscode.FileType): 'file' | 'directory' | 'other' {
  if ((type & vscode.FileType.File) !== 0) return 'file';
  return (type & vscode.FileType.Directory) !== 0 ? 'directory' : 'other';
}

function problemOf(error: unknown, missing: string): Exclude<FileReadAnswer, { readonly kind: 'text' }> {
  if (!(error instanceof vscode.FileSystemError)) throw error;
  switch (error.code) {
    case 'FileNotFound':
      return { kind: 'missing', message: missing };
    case 'FileNotADirectory':
      return { kind: 'not_a_directory', message: 'it is not a directory' };
    default:
      return { kind: 'unreadable', message: error.message };
  }
}
