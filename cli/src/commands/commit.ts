import type { Command } from 'commander';
import { examples, jsonOption, type Shell, URI_ARGUMENT, valueOption } from '../shell.js';

/** cli.md §9.5. */
export const commitCommand = (shell: Shell): Command =>
  shell
    .declare('commit', 'Look at the commits of a graph')
    .addCommand(
      shell
        .declare('list', 'List the commits of a branch, newest first')
        .argument(...URI_ARGUMENT)
        .addOption(valueOption('--branch <branch>', 'branch to list (default: main)'))
        .addOption(jsonOption())
        .addHelpText('after', examples('omnigraph commit list g.omni --json'))
        .action(shell.run('commit list', async () => (await import('../actions/commit.js')).runCommitList)),
    )
    .addCommand(
      shell
        .declare('show', 'Show one commit')
        .argument('<commit-id>', 'id of the commit')
        .addOption(valueOption('--uri <uri>', "the graph's storage: a path, file:// or s3://"))
        .addOption(jsonOption())
        .addHelpText('after', examples('omnigraph commit show 01JZ6Y3T9QF0M4W8B2C5D7E9GH --uri g.omni'))
        .action(shell.run('commit show', async () => (await import('../actions/commit.js')).runCommitShow)),
    );
