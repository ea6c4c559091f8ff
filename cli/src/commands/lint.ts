import type { Command } from 'commander';
import { examples, jsonOption, type Shell, valueOption } from '../shell.js';

/** cli.md §9.7. */
export const lintCommand = (shell: Shell): Command =>
  shell
    .declare('lint', 'Check a query file against a schema')
    .argument('[uri]', 'a graph whose accepted schema to check against, when no --schema is given')
    .addOption(valueOption('--query <path>', 'the query file').makeOptionMandatory())
    .addOption(valueOption('--schema <path>', 'check against this schema file, without any graph'))
    .addOption(jsonOption())
    .addHelpText('after', examples('omnigraph lint --query fleet.gq --schema harbor.pg'))
    .action(shell.run('lint', async () => (await import('../actions/lint.js')).runLint));
