/** JSON results (cli.md §8.1): two-space indent, keys in the order given, 64-bit integers as plain digits. */
import { stringifyExactJson } from 'omnigraph-language';
import type { Terminal } from '../terminal.js';

export const printJson = (terminal: Terminal, value: unknown): Promise<void> =>
  terminal.print(stringifyExactJson(value, 2));
