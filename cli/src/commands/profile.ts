import type { Command } from 'commander';
import { examples, jsonOption, type Shell } from '../shell.js';

/** cli.md §9.10. */
export const profileCommand = (shell: Shell): Command =>
  shell
    .declare('profile', 'Look at the profiles of the operator config')
    .addCommand(
      shell
        .declare('list', 'List the profiles')
        .addOption(jsonOption())
        .addHelpText('after', examples('omnigraph profile list'))
        .action(shell.run('profile list', async () => (await import('../actions/profile.js')).runProfileList)),
    )
    .addCommand(
      shell
        .declare('show', 'Show one profile, the active one, or the defaults')
        .argument('[name]', 'name of the profile')
        .addOption(jsonOption())
        .addHelpText('after', examples('omnigraph profile show sandbox'))
        .action(shell.run('profile show', async () => (await import('../actions/profile.js')).runProfileShow)),
    );
