/** A language client over a process's standard streams, for any server: what a plain editor does, and nothing more. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  type ClientCapabilities,
  createMessageConnection,
  type Diagnostic,
  type InitializeResult,
  type MessageConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node.js';

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface InitializeOptions {
  readonly folders: readonly string[];
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** Answers to `workspace/configuration`, by section. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A small editor: pushes diagnostics, watches files, counts in UTF-16. */
export const PLAIN_CLIENT: ClientCapabilities = {
  textDocument: {
    synchronization: { didSave: true },
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
    completion: { completionItem: { snippetSupport: true } },
  },
  workspace: { configuration: true, workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
};

export class StdioClient {
  /** Every set of diagnostics, in order of arrival. */
  readonly published: PublishDiagnosticsParams[] = [];
  readonly errors: string[] = [];
  readonly exited: Promise<number | null>;
  #waiting: ((params: PublishDiagnosticsParams) => void)[] = [];

  private constructor(
    readonly child: ChildProcess,
    readonly connection: MessageConnection,
    settings: Readonly<Record<string, unknown>>,
  ) {
    this.exited = new Promise((resolve) => child.once('exit', resolve));
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const take of waiting) take(params);
    });
    connection.onNotification('window/logMessage', ({ type, message }: { type: number; message: string }) => {
      if (type === 1) this.errors.push(message);
    });
    connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section?: string }[] }) =>
      items.map(({ section = '' }) => settings[section] ?? null),
    );
    connection.onRequest(() => null);
    connection.onNotification(() => {});
    // Whatever is no protocol on stdout ends here.
    connection.onError(([error]) => void this.errors.push(error.message));
  }

  static start({ command, args, cwd, env }: ServerCommand, options: InitializeOptions): StdioClient {
    const child = spawn(command, [...args], { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    const client = new StdioClient(child, connection, options.settings ?? {});
    child.stderr.on('data', (chunk: Buffer) => client.stderr.push(chunk.toString()));
    connection.listen();
    return client;
  }

  readonly stderr: string[] = [];

  async initialize({
    folders,
    capabilities = PLAIN_CLIENT,
    initializationOptions,
  }: InitializeOptions): Promise<InitializeResult> {
    const answer = this.connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: folders[0] ?? null,
      workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
      capabilities,
      initializationOptions,
    });
    const ended = this.exited.then((code): never => {
      throw new Error(`the server ended with ${code}\n${this.stderr.join('')}`);
    });
    const result = await Promise.race([answer, ended]);
    await this.connection.sendNotification('initialized', {});
    return result;
  }

  request<R>(method: string, params: object): Promise<R> {
    return this.connection.sendRequest<R>(method, params);
  }

  open(uri: string, languageId: string, text: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  change(uri: string, version: number, change: { range?: Range; text: string }): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [change],
    });
  }

  /** The next diagnostics that are true of a test. */
  next(is: (params: PublishDiagnosticsParams) => boolean): Promise<PublishDiagnosticsParams> {
    return new Promise((resolve, reject) => {
      const look = (params: PublishDiagnosticsParams): void => {
        if (is(params)) resolve(params);
        else this.#waiting.push(look);
      };
      this.#waiting.push(look);
      void this.exited.then((code) => reject(new Error(`the server ended with ${code}\n${this.stderr.join('')}`)));
    });
  }

  latest(uri: string): readonly Diagnostic[] | undefined {
    return this.published.findLast((one) => one.uri === uri)?.diagnostics;
  }

  /** Resident memory of the server now, in MiB. */
  residentMemory(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
  }

  /** Ends the server as LSP says, and gives its exit code. */
  async stop(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    return this.exited;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
