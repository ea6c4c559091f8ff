/** A local server of one cluster: started and stopped from the palette, for running queries the way clients do. */
import * as vscode from 'vscode';
import type { Extension } from '../extension.js';
import type { LocalServer } from '../programs.js';
import { CommandRefused } from '../registry.js';
import { actorName, runnable } from './commands.js';
import { folderOf, nameOf } from './model.js';

let running: LocalServer | undefined;

/** The server started here, if it still runs. */
export const localServer = (): LocalServer | undefined => running;

export function serverCommands(extension: Extension): readonly vscode.Disposable[] {
  const { commands, programs, cluster } = extension;
  const forget = (): void => {
    running = undefined;
    void vscode.commands.executeCommand('setContext', 'omnigraph.serverRunning', false);
  };
  return [
    commands.register('omnigraph.startServer', async (target) => {
      if (running !== undefined) throw new CommandRefused(`A server runs at ${running.url} already.`);
      const chosen = await cluster.choose(target);
      const folder = folderOf(chosen);
      const started = await runnable(programs, folder).startServer(folder.fsPath, actorName(), forget);
      running = started;
      await vscode.commands.executeCommand('setContext', 'omnigraph.serverRunning', true);
      const answer = await vscode.window.showInformationMessage(
        `${nameOf(chosen)} is served at ${started.url}`,
        'Copy Address',
        'Stop',
      );
      if (answer === 'Copy Address') await vscode.env.clipboard.writeText(started.url);
      if (answer === 'Stop') await started.stop();
    }),
    commands.register('omnigraph.stopServer', async () => {
      if (running === undefined) throw new CommandRefused('No server was started here.');
      await running.stop();
      vscode.window.setStatusBarMessage('$(check) The server is stopped', 4_000);
    }),
    new vscode.Disposable(() => void running?.stop()),
  ];
}
