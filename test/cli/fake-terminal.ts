import type { Terminal } from '../../cli/src/terminal.js';

export interface FakeTerminal {
  readonly terminal: Terminal;
  /** What has been written so far. */
  output(): { readonly stdout: string; readonly stderr: string };
}

/** A terminal in memory. `line` is what a person types when asked. */
export function fakeTerminal(options: { readonly stdinIsTty?: boolean; readonly line?: string } = {}): FakeTerminal {
  let stdout = '';
  let stderr = '';
  const terminal: Terminal = {
    env: {},
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
