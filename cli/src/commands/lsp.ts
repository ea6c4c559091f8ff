import { type Command, Option } from 'commander';
import { examples, type Shell } from '../shell.js';

/** The language server for editors. */
export const lspCommand = (shell: Shell): Command =>
  shell
    .declare('lsp', 'Serve an editor: the language server of .pg, .gq, cluster.yaml and policies')
    .option('--stdio', 'speak over stdin and stdout (the default)')
    // VS Code's client adds it; the connection reads it itself, and ends when that process is gone.
    .addOption(new Option('--clientProcessId <pid>').hideHelp())
    .addHelpText('after', examples('omnigraph lsp --stdio'))
    .action(shell.run('lsp', async () => (await import('../actions/lsp.js')).runLsp));
