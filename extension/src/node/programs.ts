/** Programs of the user's machine: found by setting, in a development checkout, or on the PATH. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type * as vscode from 'vscode';
import { type LocalServer, ProgramMissing, type ProgramResult, type Programs, type RunOptions } from '../programs.js';

export interface ProgramSettings {
  readonly get: (key: string) => string;
  readonly extensionPath: string;
  readonly log: Pick<vscode.LogOutputChannel, 'info' | 'warn'>;
}

const OMNIGRAPH = { program: 'omnigraph', setting: 'omnigraph.cli.path', checkout: '../cli/bin/omnigraph' };
const SERVER = {
  program: 'omnigraph-server',
  setting: 'omnigraph.server.path',
  checkout: '../server/bin/omnigraph-server',
};

export function nodePrograms(settings: ProgramSettings): Programs {
  return {
    omnigraph: (args, options) => runToEnd(commandOf(OMNIGRAPH, settings), args, OMNIGRAPH, settings, options),
    startServer: (clusterFolder, actor, onExit) => startServer(clusterFolder, actor, settings, onExit),
  };
}

function commandOf({ program, setting, checkout }: typeof OMNIGRAPH, { get, extensionPath }: ProgramSettings): string {
  const chosen = get(setting.slice('omnigraph.'.length)).trim();
  if (chosen !== '') return chosen;
  const inCheckout = path.join(extensionPath, checkout);
  if (existsSync(inCheckout)) return inCheckout;
  return process.platform === 'win32' ? `${program}.cmd` : program;
}

function runToEnd(
  command: string,
  args: readonly string[],
  { program, setting }: typeof OMNIGRAPH,
  { log }: ProgramSettings,
  { cwd, cancel }: RunOptions = {},
): Promise<ProgramResult> {
  // Parameters of queries may be private: of a run, only the verbs are logged.
  log.info(`${program} ${args.slice(0, 2).join(' ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const stopListening = cancel?.onCancellationRequested(() => child.kill());
    const [stdout, stderr] = [collected(child.stdout), collected(child.stderr)];
    child.on('error', (error) => {
      stopListening?.dispose();
      reject(isMissing(error) ? new ProgramMissing(program, setting, command) : error);
    });
    child.on('close', (code) => {
      stopListening?.dispose();
      resolve({ exitCode: code ?? 1, stdout: stdout(), stderr: stderr() });
    });
  });
}

async function startServer(
  clusterFolder: string,
  actor: string | undefined,
  settings: ProgramSettings,
  onExit: () => void,
): Promise<LocalServer> {
  const command = commandOf(SERVER, settings);
  const bind = settings.get('server.bind').trim() || '127.0.0.1:0';
  const args = ['--cluster', clusterFolder, '--bind', bind, ...(actor === undefined ? ['--unauthenticated'] : [])];
  const token = actor === undefined ? undefined : randomUUID();
  const tokens = actor === undefined ? {} : { OMNIGRAPH_SERVER_BEARER_TOKENS_JSON: JSON.stringify({ [actor]: token }) };
  settings.log.info(`${SERVER.program} ${args.join(' ')}`);
  const child = spawn(command, args, {
    env: { ...process.env, ...tokens },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const url = await announcedAddress(child, command, settings);
  child.once('close', (code) => {
    settings.log.info(`${SERVER.program} ended with ${code ?? 'a signal'}`);
    onExit();
  });
  return { url: `http://${url}`, clusterFolder, token, stop: () => stopChild(child) };
}

const ANNOUNCEMENT = /^OMNIGRAPH_LISTEN_ADDR=(\S+)$/m;

function announcedAddress(child: ChildProcess, command: string, { log }: ProgramSettings): Promise<string> {
  return new Promise((resolve, reject) => {
    let [out, err] = ['', ''];
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
      const address = ANNOUNCEMENT.exec(out)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      err = `${err}${text}`.slice(-LAST_WORDS);
      log.info(text.trimEnd());
    });
    child.on('error', (error) => {
      reject(isMissing(error) ? new ProgramMissing(SERVER.program, SERVER.setting, command) : error);
    });
    child.on('close', () => reject(new Error(err.trim() || 'the server ended before it listened')));
  });
}

const LAST_WORDS = 4_000;

/** The first signal lets requests finish. */
const stopChild = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('close', () => resolve());
    child.kill('SIGTERM');
  });

function collected(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

const isMissing = (error: Error): boolean => 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
