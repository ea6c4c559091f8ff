import type { Command } from 'commander';
import { examples, jsonOption, type Shell, URI_ARGUMENT, valueOption } from '../shell.js';

/** cli.md §9.5. */
export const snapshotCommand = (shell: Shell): Command =>
  shell
    .declare('snapshot', 'Show what a branch of a graph holds: versions and entity counts')
    .argument(...URI_ARGUMENT)
    .addOption(valueOption('--branch <branch>', 'branch to describe (default: main)'))
    .addOption(jsonOption())
    .addHelpText('after', examples('omnigraph snapshot g.omni --json'))
    .action(shell.run('snapshot', async () => (await import('../actions/snapshot.js')).runSnapshot));
