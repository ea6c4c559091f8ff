/** Running the `omnigraph` programs, as the rest of the extension sees it. */
import type * as vscode from 'vscode';

export interface ProgramResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly cancel?: vscode.CancellationToken;
}

export interface LocalServer {
  /** `http://127.0.0.1:41234` */
  readonly url: string;
  readonly clusterFolder: string;
  /** Of the actor it was started for; absent when it asks for none. */
  readonly token: string | undefined;
  stop(): Promise<void>;
}

export interface Programs {
  /** Runs `omnigraph` to its end. Throws `ProgramMissing` when there is none. */
  omnigraph(args: readonly string[], options?: RunOptions): Promise<ProgramResult>;
  /** Starts `omnigraph-server`, open, or with a fresh token for one actor as policies need it; settles when it listens. Throws with its last words when it gives up before. */
  startServer(clusterFolder: string, actor: string | undefined, onExit: () => void): Promise<LocalServer>;
}

export class ProgramMissing extends Error {
  override readonly name = 'ProgramMissing';

  constructor(
    readonly program: string,
    readonly setting: string,
    tried: string,
  ) {
    super(`\`${tried}\` was not found. Install ${program}, or set \`${setting}\` to its path.`);
  }
}
