/**
 * The `omnigraph` process: rewrite old spellings, parse, run, and turn whatever happened into an exit code and one
 * `Error: …` on stderr (cli.md §1).
 */
import { CommanderError } from 'commander';
import { rewriteCompat } from './compat.js';
import { type ExitCode, Failure } from './failure.js';
import { buildProgram } from './program.js';
import { firstWordAt, subcommandOf } from './shell.js';
import { processTerminal, type Terminal } from './terminal.js';

/** Runs one command line (without the program name) and returns the exit code. */
async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const rewritten = rewriteCompat(argv);
  if (rewritten.warning !== undefined) terminal.note(rewritten.warning);
  const { root, shell } = buildProgram(terminal, rewritten.argv);
  try {
    // commander prints the root's help for `nosuch --help`; an unknown command is a failure all the same.
    const word = rewritten.argv[firstWordAt(rewritten.argv)];
    if (word !== undefined && subcommandOf(root, word) === undefined) {
      root.error(`error: unknown command '${word}'\nSee \`omnigraph --help\`.`, { code: 'commander.unknownCommand' });
    }
    await root.parseAsync([...rewritten.argv], { from: 'user' });
    return shell.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    await reportFailure(thrown, terminal);
    return 1;
  }
}

async function reportFailure(thrown: unknown, terminal: Terminal): Promise<void> {
  const label = process.stderr.isTTY && !process.env.NO_COLOR ? '\u001b[31mError:\u001b[39m' : 'Error:';
  if (thrown instanceof Failure) {
    terminal.note(`${label} ${thrown.message}`);
    return;
  }
  const { describeThrown } = await import('./thrown.js');
  terminal.note(`${label} ${describeThrown(thrown)}`);
}

// A reader that stops early (`omnigraph export g | head`) is not a failure of ours.
process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  if (problem.code === 'EPIPE') process.exit(0);
  throw problem;
});

process.exitCode = await run(process.argv.slice(2), processTerminal(process));
