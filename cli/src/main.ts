/** The `omnigraph` process. */
import { run } from './run.js';
import { processTerminal } from './terminal.js';

// Whoever awaits the write learns of it too (`ReaderGone`); without a listener the event alone would end the process.
process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
  if (problem.code !== 'EPIPE') throw problem;
});

process.exitCode = await run(process.argv.slice(2), processTerminal(process));
