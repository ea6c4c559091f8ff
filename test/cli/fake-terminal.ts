import type { Terminal } from '../../cli/src/terminal.js';

export interface FakeTerminal {
  readonly terminal: Terminal;
  /** What has been written so far. */
  output(): { readonly stdout: string; readonly stderr: string };
}

export interface FakeTerminalOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTty?: boolean;
  /** What a person types when asked, or a pipe brings. */
  readonly line?: string;
}

/** A terminal in memory. */
export function fakeTerminal(options: FakeTerminalOptions = {}): FakeTerminal {
  let stdout = '';
  let stderr = '';
  const terminal: Terminal = {
    env: options.env ?? {},
    stdinIsTty: options.stdinIsTty ?? false,
    colour: false,
    write: async (chunk) => {
      stdout += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
    },
    print: async (text) => {
      stdout += text.endsWith('\n') ? text : `${text}\n`;
    },
    note: (text) => {
      stderr += `${text}\n`;
    },
    ask: (text) => {
      stderr += text;
    },
    readLine: async () => options.line ?? '',
  };
  return { terminal, output: () => ({ stdout, stderr }) };
}
