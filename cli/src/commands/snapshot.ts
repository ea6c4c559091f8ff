import type { Command } from 'commander';
import { examples, jsonOption, type Shell, valueOption } from '../shell.js';

/** cli.md §9.5. */
export const snapshotCommand = (shell: Shell): Command =>
  shell
    .declare('snapshot', 'Show what a branch of a graph holds: versions and entity counts')
    .argument('[uri]', "the graph's storage: a path, file:// or s3://")
    .addOption(valueOption('--branch <branch>', 'branch to describe (default: main)'))
    .addOption(jsonOption())
    .addHelpText('after', examples('omnigraph snapshot g.omni --json'))
    .action(shell.run('snapshot', async () => (await import('../actions/snapshot.js')).runSnapshot));
