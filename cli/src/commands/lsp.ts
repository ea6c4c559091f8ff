import type { Command } from 'commander';
import { examples, type Shell } from '../shell.js';

/** The language server for editors. Clients add flags of their own (`--clientProcessId=…`), so unknown ones pass. */
export const lspCommand = (shell: Shell): Command =>
  shell
    .declare('lsp', 'Serve an editor: the language server of .pg, .gq, cluster.yaml and policies')
    .option('--stdio', 'speak over stdin and stdout (the default)')
    .allowUnknownOption()
    .addHelpText('after', examples('omnigraph lsp --stdio'))
    .action(shell.run('lsp', async () => (await import('../actions/lsp.js')).runLsp));
