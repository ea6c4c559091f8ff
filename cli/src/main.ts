/** The `omnigraph` process. */
import { run } from './run.js';
import { processTerminal } from './terminal.js';

// Whoever awaits the write learns of it (`writeTo`); without a listener the event alone would end the process.
process.stdout.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2), processTerminal(process));
