/**
 * One command line, from arguments to exit code: rewrite old spellings, parse, run, and turn whatever happened into
 * one `Error: …` on stderr (cli.md §1).
 */
import { CommanderError } from 'commander';
import { rewriteCompat } from './compat.js';
import { type ExitCode, Failure } from './failure.js';
import { buildProgram } from './program.js';
import { firstWordAt, subcommandOf } from './shell.js';
import { ReaderGone, type Terminal } from './terminal.js';

/** Runs one command line (without the program name) and returns the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const rewritten = rewriteCompat(argv);
  if (rewritten.warning !== undefined) terminal.note(rewritten.warning);
  try {
    return await execute(rewritten.argv, terminal);
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    if (thrown instanceof ReaderGone) return 0;
    await reportFailure(thrown, terminal);
    return 1;
  }
}

async function execute(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { root, shell, helpWritten } = buildProgram(terminal, argv);
  try {
    // commander prints the root's help for `nosuch --help`; an unknown command is a failure all the same.
    const word = argv[firstWordAt(argv)];
    if (word !== undefined && subcommandOf(root, word) === undefined) {
      root.error(`error: unknown command '${word}'\nSee \`omnigraph --help\`.`, { code: 'commander.unknownCommand' });
    }
    await root.parseAsync([...argv], { from: 'user' });
    return shell.exitCode;
  } finally {
    await helpWritten();
  }
}

async function reportFailure(thrown: unknown, terminal: Terminal): Promise<void> {
  const label = terminal.colour ? '\u001b[31mError:\u001b[39m' : 'Error:';
  if (thrown instanceof Failure) {
    terminal.note(`${label} ${thrown.message}`);
    return;
  }
  const { describeThrown } = await import('./thrown.js');
  terminal.note(`${label} ${describeThrown(thrown)}`);
}
