/** Commands that never fail silently: what a user can cause is said to them, with a way on. */
import * as vscode from 'vscode';
import { ProgramMissing } from './programs.js';

export interface CommandRegistry {
  register(id: string, run: (...args: readonly unknown[]) => unknown): vscode.Disposable;
  /** Says to the user what ended something that was not started by a command, as for one. */
  explain(error: unknown, what: string): Promise<void>;
}

/** What a command throws to end with a message that is not a bug. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
}

export const createCommandRegistry = (log: vscode.LogOutputChannel): CommandRegistry => ({
  register: (id, run) =>
    vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
      try {
        return await run(...args);
      } catch (error) {
        await explain(error, id, log);
        return undefined;
      }
    }),
  explain: (error, what) => explain(error, what, log),
});

async function explain(error: unknown, id: string, log: vscode.LogOutputChannel): Promise<void> {
  if (error instanceof vscode.CancellationError) return;
  if (error instanceof ProgramMissing) {
    const choice = await vscode.window.showErrorMessage(error.message, 'Open Settings');
    if (choice !== undefined) await showSetting(error.setting);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof CommandRefused) log.info(`${id}: ${message}`);
  else log.error(`${id}: ${error instanceof Error ? (error.stack ?? message) : message}`);
  const choice = await vscode.window.showErrorMessage(message, 'Show Output');
  if (choice !== undefined) log.show();
}

/** Settings of the machine that programs run on: with a remote window that is the other one, under a tab of its own. */
async function showSetting(query: string): Promise<void> {
  const isRemote = vscode.env.remoteName !== undefined;
  const command = isRemote ? 'workbench.action.openRemoteSettings' : 'workbench.action.openSettings';
  await vscode.commands.executeCommand(command, { query });
}
