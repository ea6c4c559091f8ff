import { type ExitCode, Failure } from '../failure.js';
import { removeToken, storeToken } from '../operator/credentials.js';
import { credentialsPath } from '../operator/home.js';
import { printJson } from '../output/json.js';
import type { Invocation } from '../shell.js';
import type { Terminal } from '../terminal.js';
import { operatorConfig } from './operator.js';

interface LoginOptions {
  readonly token?: string;
  readonly json?: true;
}

/** `login` (cli.md §7.3): no network; the config is read first so that a broken one leaves nothing written. */
export async function runLogin({ terminal }: Invocation, name: string, options: LoginOptions): Promise<ExitCode> {
  const path = requiredPath(terminal);
  checkServerName(name);
  const config = await operatorConfig(terminal);
  const token = (options.token ?? (await terminal.readLine())).trim();
  if (token === '') throw new Failure('no token given: pass `--token <token>` or pipe it to stdin');
  if (/[\r\n]/.test(token)) throw new Failure('a token is one line; the given one holds a line break');
  await storeToken(path, name, token);
  const declared = config.servers.has(name);
  if (options.json) await printJson(terminal, { server: name, credentials_path: path, declared });
  else await terminal.print(`stored credential for '${name}' in ${path}`);
  if (!declared) {
    terminal.note(`note: server '${name}' is not declared; add it to the operator config as \`servers.${name}.url\``);
  }
  return 0;
}

/** `logout` (cli.md §7.3): idempotent, and works with a broken config. */
export async function runLogout(
  { terminal }: Invocation,
  name: string,
  options: { readonly json?: true },
): Promise<ExitCode> {
  const path = requiredPath(terminal);
  await removeToken(path, name);
  if (options.json) await printJson(terminal, { server: name, credentials_path: path });
  else await terminal.print(`removed credential for '${name}' from ${path}`);
  return 0;
}

function requiredPath(terminal: Terminal): string {
  const path = credentialsPath(terminal.env);
  if (path !== undefined) return path;
  throw new Failure('no home directory: set HOME or OMNIGRAPH_HOME so that credentials have a place');
}

/** A section header is one bracketed line, so a name that breaks it could never be read back. */
function checkServerName(name: string): void {
  if (name.trim() !== '' && name.trim() === name && !/[[\]\r\n]/.test(name)) return;
  throw new Failure(`'${name}' cannot name a server: no brackets, line breaks or surrounding spaces`);
}
