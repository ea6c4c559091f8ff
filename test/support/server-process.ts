import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../server/bin/omnigraph-server', import.meta.url));

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Everything written so far. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  /** `host:port`, once announced; rejects with stderr when the process ends first. */
  readonly address: Promise<string>;
  readonly exitCode: Promise<number | null>;
}

/** The built server as an operator starts it, without any OMNIGRAPH_ variable of this process. */
export function startServerProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd: string = process.cwd(),
): ServerProcess {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('OMNIGRAPH_')));
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const exitCode = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const address = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const announced = /^OMNIGRAPH_LISTEN_ADDR=(.+)$/m.exec(stdout)?.[1];
      if (announced !== undefined) resolve(announced);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once('exit', () => reject(new Error(`the server ended: ${stderr}`)));
  });
  // A test that only looks at the exit must not fail for an address nobody awaited.
  address.catch(() => undefined);
  return { child, output: () => ({ stdout, stderr }), address, exitCode };
}
