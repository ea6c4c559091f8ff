import type { Command } from 'commander';
import { examples, jsonOption, type Shell } from '../shell.js';

/** cli.md §9.7. */
export const queriesCommand = (shell: Shell): Command =>
  shell
    .declare('queries', 'Look at the stored queries of a cluster')
    .addCommand(
      shell
        .declare('list', 'List the applied stored queries')
        .addOption(jsonOption())
        .addHelpText('after', examples('omnigraph queries list --cluster ./port --graph fleet'))
        .action(shell.run('queries list', async () => (await import('../actions/queries.js')).runQueriesList)),
    )
    .addCommand(
      shell
        .declare('validate', 'Check the applied stored queries against the applied schemas')
        .addOption(jsonOption())
        .addHelpText('after', examples('omnigraph queries validate --cluster ./port'))
        .action(shell.run('queries validate', async () => (await import('../actions/queries.js')).runQueriesValidate)),
    );
