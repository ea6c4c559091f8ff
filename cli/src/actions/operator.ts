/** The operator config as a command body gets it: loaded once a process, its warnings printed once (cli.md §6.2). */
import { loadOperatorConfig, type OperatorConfig } from '../operator/config.js';
import type { Terminal } from '../terminal.js';

/** Throws `Failure` naming the file when it cannot be used. */
export async function operatorConfig(terminal: Terminal): Promise<OperatorConfig> {
  const { config, warnings } = await loadOperatorConfig(terminal.env);
  for (const warning of warnings) terminal.note(warning);
  return config;
}
