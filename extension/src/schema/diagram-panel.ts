/** The schema diagram: types as boxes, edges as arrows, redrawn as the schema is edited. */
import type { SchemaDiagram } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import type { Extension } from '../extension.js';
import { createPanel } from '../panels/panel.js';
import { bytesOfDataUrl, saveFile } from '../panels/save-file.js';
import { CommandRefused } from '../registry.js';

type Said =
  | { readonly type: 'reveal'; readonly line: number }
  | { readonly type: 'export'; readonly format: 'png' | 'json' | 'mermaid'; readonly content: string };

/** After the last keystroke, in milliseconds. */
const REDRAW_PAUSE = 400;

export function diagramPanel({ context, commands, server, log }: Extension): vscode.Disposable {
  let shown: vscode.Uri | undefined;
  let redraw: ReturnType<typeof setTimeout> | undefined;
  const panel = createPanel<SchemaDiagram, Said>(
    context,
    { viewType: 'omnigraph.diagram', script: 'diagram', icon: 'schema-dark.svg' },
    (said) => {
      act(said).catch((error: unknown) => commands.explain(error, 'schema diagram'));
    },
  );

  async function act(said: Said): Promise<void> {
    switch (said.type) {
      case 'reveal': {
        if (shown === undefined) return;
        const editor = await vscode.window.showTextDocument(shown, { viewColumn: vscode.ViewColumn.One });
        const at = new vscode.Position(said.line, 0);
        editor.selection = new vscode.Selection(at, at);
        editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
        return;
      }
      case 'export': {
        const bytes = said.format === 'png' ? bytesOfDataUrl(said.content) : new TextEncoder().encode(said.content);
        const extension = said.format === 'mermaid' ? 'mmd' : said.format;
        await saveFile(`schema.${extension}`, { [said.format]: [extension] }, bytes);
        return;
      }
      default:
        said satisfies never;
    }
  }

  return vscode.Disposable.from(
    panel,
    commands.register('omnigraph.showDiagram', async (target) => {
      shown = await schemaOf(target);
      const diagram = await server.ask<SchemaDiagram>('omnigraph/schemaDiagram', { uri: shown.toString() });
      panel.show(`Diagram: ${vscode.workspace.asRelativePath(shown)}`, diagram);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (!panel.isOpen || document.uri.toString() !== shown?.toString()) return;
      clearTimeout(redraw);
      redraw = setTimeout(() => {
        server
          .ask<SchemaDiagram>('omnigraph/schemaDiagram', { uri: document.uri.toString() })
          .then((diagram) => panel.update(diagram))
          .catch((error: unknown) => log.warn('the diagram was not redrawn', String(error)));
      }, REDRAW_PAUSE);
    }),
  );
}

/** What was clicked on, the schema that is open, or the only one there is. */
async function schemaOf(target: unknown): Promise<vscode.Uri> {
  if (target instanceof vscode.Uri) return target;
  if (typeof target === 'string') return vscode.Uri.parse(target);
  if (typeof target === 'object' && target !== null && 'resourceUri' in target) {
    if (target.resourceUri instanceof vscode.Uri) return target.resourceUri;
  }
  const active = vscode.window.activeTextEditor?.document;
  if (active?.languageId === 'omnigraph-schema') return active.uri;
  const found = await vscode.workspace.findFiles('**/*.pg', '**/node_modules/**', 50);
  const [only] = found;
  if (only === undefined) throw new CommandRefused('There is no .pg file in this workspace.');
  if (found.length === 1) return only;
  const chosen = await vscode.window.showQuickPick(
    found.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri })),
    { title: 'Which schema?' },
  );
  if (chosen === undefined) throw new vscode.CancellationError();
  return chosen.uri;
}
