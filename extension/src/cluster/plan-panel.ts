/** The plan panel: what apply would do, by resource, from the text as it is now. */
import type { PlanPanel } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import type { Extension } from '../extension.js';
import { createPanel } from '../panels/panel.js';
import { CommandRefused } from '../registry.js';
import { nameOf, uriOf } from './model.js';

/** What the page is sent. */
export interface PlanMessage {
  readonly plan: PlanPanel;
  /** The resource to show first. */
  readonly focus: string | null;
  readonly canApply: boolean;
}

type Said =
  | { readonly type: 'copy' }
  | { readonly type: 'apply' }
  | { readonly type: 'refresh' }
  | { readonly type: 'approve'; readonly resource: string }
  | { readonly type: 'reveal'; readonly uri: string; readonly line: number };

export function planPanel(extension: Extension): vscode.Disposable {
  const { context, commands, cluster, log } = extension;
  let shown: string | undefined;
  const panel = createPanel<PlanMessage, Said>(
    context,
    { viewType: 'omnigraph.plan', script: 'plan', icon: 'cluster-dark.svg' },
    (said) => void act(said),
  );

  async function act(said: Said): Promise<void> {
    switch (said.type) {
      case 'copy':
        await vscode.commands.executeCommand('omnigraph.copyPlan', shown);
        return;
      case 'apply':
        await vscode.commands.executeCommand('omnigraph.apply', shown);
        return;
      case 'approve':
        await vscode.commands.executeCommand('omnigraph.approve', shown, said.resource);
        return;
      case 'refresh':
        await vscode.commands.executeCommand('omnigraph.showPlan', shown);
        return;
      case 'reveal': {
        const editor = await vscode.window.showTextDocument(vscode.Uri.parse(said.uri), {
          viewColumn: vscode.ViewColumn.One,
        });
        const at = new vscode.Position(said.line, 0);
        editor.selection = new vscode.Selection(at, at);
        editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
        return;
      }
      default:
        said satisfies never;
    }
  }

  const messageOf = (plan: PlanPanel, focus: string | null): PlanMessage => ({
    plan,
    focus,
    canApply: extension.programs !== undefined && vscode.workspace.isTrusted,
  });

  return vscode.Disposable.from(
    panel,
    commands.register('omnigraph.showPlan', async (target, address) => {
      const uri = await fileOf(target, extension);
      const plan = await planOf(uri, extension, true);
      shown = plan.uri;
      panel.show(`Plan: ${nameOf(plan)}`, messageOf(plan, typeof address === 'string' ? address : null));
    }),
    commands.register('omnigraph.copyPlan', async (target) => {
      const plan = await planOf(await fileOf(target, extension), extension, false);
      if (plan.markdown === null) throw new CommandRefused('There is no plan to copy.');
      await vscode.env.clipboard.writeText(plan.markdown);
      vscode.window.setStatusBarMessage('$(check) Plan copied as Markdown', 4_000);
    }),
    cluster.onChange(() => {
      if (!panel.isOpen || shown === undefined) return;
      planOf(shown, extension, false)
        .then((plan) => panel.update(messageOf(plan, null)))
        .catch((error: unknown) => log.warn('the plan panel was not updated', String(error)));
    }),
  );
}

/** The plan of the current, possibly unsaved, text. */
export async function planOf(uri: string, { server }: Extension, fresh: boolean): Promise<PlanPanel> {
  const plan = await server.ask<PlanPanel | null>('omnigraph/plan', { uri, fresh });
  if (plan === null) throw new CommandRefused('This file belongs to no cluster.');
  return plan;
}

async function fileOf(target: unknown, { cluster }: Extension): Promise<string> {
  return uriOf(target)?.toString() ?? (await cluster.choose()).uri;
}
