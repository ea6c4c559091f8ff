import type { Command } from 'commander';
import { examples, type Shell } from '../shell.js';

/** cli.md §9.10. */
export const versionCommand = (shell: Shell): Command =>
  shell
    .declare('version', 'Print the version and the storage format number')
    .addHelpText('after', examples('omnigraph version'))
    .action(shell.run('version', async () => (await import('../actions/version.js')).runVersion));
