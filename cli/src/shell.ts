/**
 * What every command declaration is built with: leaves and groups that carry the global flags, and the one way into a
 * command body. Order inside a run (cli.md §1.1): syntax, then the flag-matrix guard, then the body, whose module is
 * only loaded now.
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { type ExitCode, Failure } from './failure.js';
import { type GlobalFlagRecorder, type GlobalFlags, takesValue } from './scope/global-flags.js';
import { guardProblem } from './scope/guard.js';
import { COMMAND_SCOPES, type CommandId, type CommandScope } from './scope/matrix.js';
import type { Terminal } from './terminal.js';

export interface Invocation {
  /** As in errors and the write-target echo. */
  readonly label: string;
  /** As in the flag matrix. */
  readonly writes: boolean;
  readonly flags: GlobalFlags;
  readonly terminal: Terminal;
}

export type Body<A extends readonly unknown[]> = (invocation: Invocation, ...args: A) => Promise<ExitCode>;

export class Shell {
  exitCode: ExitCode = 0;

  constructor(
    readonly terminal: Terminal,
    private readonly recorder: GlobalFlagRecorder,
  ) {}

  /** A command, or a family of commands. */
  declare(name: string, summary: string): Command {
    return new Command(name).summary(summary).description(summary);
  }

  /** The action of a command: guard, load the body, run it, keep its exit code. */
  run<A extends readonly unknown[]>(id: CommandId, load: () => Promise<Body<A>>): (...args: A) => Promise<void> {
    return async (...args) => {
      const scope: CommandScope = COMMAND_SCOPES[id];
      const flags = this.recorder.flags;
      const problem = guardProblem(scope, flags);
      if (problem !== undefined) throw new Failure(problem);
      const body = await load();
      this.exitCode = await body(
        { label: scope.label, writes: scope.writes === true, flags, terminal: this.terminal },
        ...args,
      );
    };
  }
}

/** An option with one value; given twice it is a syntax error (§1.3). */
export const valueOption = (flags: string, description: string): Option =>
  parsedOption(flags, description, (text) => text);

/** An option whose value is one of a few words. */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  const option = parsedOption(flags, description, (text) => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
  });
  option.argChoices = [...choices];
  return option;
}

/** An option with one value, read by `parse`, which may throw `InvalidArgumentError`. */
export function parsedOption<T>(flags: string, description: string, parse: (text: string) => T): Option {
  let given = false;
  return new Option(flags, description).argParser((text: string) => {
    if (given) throw new InvalidArgumentError('It was given more than once.');
    given = true;
    return parse(text);
  });
}

/** The positional URI of a command that works on one graph (§5.1). */
export const URI_ARGUMENT = ['[uri]', "the graph's storage: a path, file:// or s3://"] as const;

export const jsonOption = (): Option => new Option('--json', 'print the result as JSON');

/** Examples at the end of a command's help. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

/** Where the first word stands that is not a global flag or its value, a command name if any; -1 when there is none. */
export function firstWordAt(argv: readonly string[]): number {
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-')) return at;
    if (takesValue(word)) at++;
  }
  return -1;
}

/** The subcommand that a word names, by name or by alias. */
export const subcommandOf = (parent: Command, word: string | undefined): Command | undefined =>
  parent.commands.find((known) => known.name() === word || (word !== undefined && known.aliases().includes(word)));
