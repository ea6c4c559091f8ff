/**
 * The command tree and its root help (cli.md §1.3). Only declarations live here and in `commands/`; bodies are loaded
 * by the one command that runs.
 */
import { Command } from 'commander';
import { clusterCommand } from './commands/cluster.js';
import { commitCommand } from './commands/commit.js';
import { completionCommand } from './commands/completion.js';
import { exportCommand } from './commands/export.js';
import { initCommand } from './commands/init.js';
import { lintCommand } from './commands/lint.js';
import { loadCommand } from './commands/load.js';
import { loginCommand, logoutCommand } from './commands/login.js';
import { lspCommand } from './commands/lsp.js';
import { mutateCommand } from './commands/mutate.js';
import { policyCommand } from './commands/policy.js';
import { profileCommand } from './commands/profile.js';
import { queriesCommand } from './commands/queries.js';
import { queryCommand } from './commands/query.js';
import { schemaCommand } from './commands/schema.js';
import { snapshotCommand } from './commands/snapshot.js';
import { versionCommand } from './commands/version.js';
import { type GlobalFlagName, GlobalFlagRecorder } from './scope/global-flags.js';
import { type Capability, COMMAND_SCOPES, type CommandScope, isCommandId } from './scope/matrix.js';
import { firstWordAt, Shell, subcommandOf } from './shell.js';
import type { Terminal } from './terminal.js';
import { versionLine } from './version.js';

/** In the order of the root help. */
const FAMILIES: readonly ((shell: Shell) => Command)[] = [
  queryCommand,
  mutateCommand,
  loadCommand,
  snapshotCommand,
  exportCommand,
  commitCommand,
  schemaCommand,
  initCommand,
  lintCommand,
  queriesCommand,
  clusterCommand,
  policyCommand,
  loginCommand,
  logoutCommand,
  profileCommand,
  lspCommand,
  versionCommand,
];

const CAPABILITIES: readonly (readonly [Capability, string])[] = [
  ['any', "a graph's data, through its storage"],
  ['served', 'a running server'],
  ['direct', "a graph's storage, never a server"],
  ['control', "a cluster's config directory or applied state"],
  ['local', 'this machine only'],
];

/** Aligned with the meanings of the capabilities. */
const NAMES_INDENT = ' '.repeat(11);

const HIDDEN: readonly string[] = ['completion'];

export interface Program {
  readonly root: Command;
  readonly shell: Shell;
  /** Resolves when the help that parsing may have asked for is out. */
  helpWritten(): Promise<void>;
}

/** The whole command line, ready to parse these arguments. Syntax failures come out as `CommanderError`. */
export function buildProgram(terminal: Terminal, argv: readonly string[]): Program {
  const recorder = new GlobalFlagRecorder();
  const shell = new Shell(terminal, recorder);
  let help: Promise<void> | undefined;
  const root = new Command('omnigraph')
    .description('Omnigraph: typed property graphs under version control')
    .enablePositionalOptions()
    .version(versionLine(), '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ subcommandTerm: termOf })
    .configureOutput({
      writeOut: (text) => {
        help = terminal.write(text);
      },
      writeErr: (text) => terminal.ask(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'Error: ')),
    })
    .addHelpText('after', () => `\n${capabilityBlock()}`);
  for (const family of FAMILIES) root.addCommand(family(shell));
  recorder.declareOn(root, () => true);
  const all = (): void => completeAll(root, '', recorder);
  root.addCommand(completionCommand(shell, root, all), { hidden: true });
  completePath(root, argv, recorder);
  return { root, shell, helpWritten: async () => help };
}

/** Completes the commands that the words of the arguments name: all that parsing meets, so the others stay cheap. */
function completePath(root: Command, argv: readonly string[], recorder: GlobalFlagRecorder): void {
  let [parent, rest, path] = [root, argv, ''];
  for (;;) {
    const at = firstWordAt(rest);
    const child = subcommandOf(parent, rest[at]);
    if (child === undefined) return;
    path = path === '' ? child.name() : `${path} ${child.name()}`;
    complete(child, parent, path, recorder);
    parent = child;
    rest = rest.slice(at + 1);
  }
}

function completeAll(parent: Command, path: string, recorder: GlobalFlagRecorder): void {
  for (const child of parent.commands) {
    const id = path === '' ? child.name() : `${path} ${child.name()}`;
    complete(child, parent, id, recorder);
    completeAll(child, id, recorder);
  }
}

/**
 * Gives a command the global flags, after its own options, and what `command()` would have copied from the parent and
 * `addCommand` does not.
 */
function complete(command: Command, parent: Command, id: string, recorder: GlobalFlagRecorder): void {
  command.copyInheritedSettings(parent).helpCommand(false);
  if (!command.options.some(({ long }) => long === '--quiet')) recorder.declareOn(command, shownFlags(id));
}

/** A command's help shows the global flags that it can consume; a family's help shows none. */
function shownFlags(id: string): (flag: GlobalFlagName) => boolean {
  const scope: CommandScope | undefined = isCommandId(id) ? COMMAND_SCOPES[id] : undefined;
  if (scope === undefined) return () => false;
  return (flag) => {
    if (flag === 'yes') return scope.confirms === true;
    if (flag === 'quiet') return scope.echoes === true;
    return scope.accepts.includes(flag);
  };
}

/** Like commander's own, but an alias shows only where it is a current spelling: `query|read`, `mutate|change`. */
function termOf(command: Command): string {
  const [alias] = command.aliases();
  const name = alias === 'read' || alias === 'change' ? `${command.name()}|${alias}` : command.name();
  const placeholders = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  return [name, ...placeholders].join(' ');
}

function capabilityBlock(): string {
  const paragraphs = CAPABILITIES.map(([capability, meaning]) => {
    const commands = Object.entries(COMMAND_SCOPES)
      .filter(([id, scope]) => scope.capability === capability && !HIDDEN.includes(id))
      .map(([id]) => id);
    const names = commands.length === 0 ? ['(no command in this version)'] : commands;
    return [`  ${capability.padEnd(9)}${meaning}`, ...wrapped(names)].join('\n');
  });
  return ['COMMANDS BY CAPABILITY', ...paragraphs].join('\n');
}

/** Names separated by commas, in indented lines of at most 80 columns. */
function wrapped(names: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const [index, name] of names.entries()) {
    const word = index === names.length - 1 ? name : `${name},`;
    if (line !== '' && NAMES_INDENT.length + line.length + 1 + word.length > 80) {
      lines.push(NAMES_INDENT + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, NAMES_INDENT + line];
}
