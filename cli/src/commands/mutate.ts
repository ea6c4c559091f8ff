import type { Command } from 'commander';
import { examples, jsonOption, type Shell, valueOption } from '../shell.js';
import { withSource } from './source-options.js';

/** cli.md §9.3. */
export const mutateCommand = (shell: Shell): Command =>
  withSource(shell.declare('mutate', 'Run a mutation query against one graph').alias('change'))
    .addOption(valueOption('--branch <branch>', 'branch to write (default: main)'))
    .addOption(
      valueOption('--if-commit <id>', 'run only if this commit is the head of the branch; exit 4 if it is not'),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        `omnigraph mutate add_v --query fleet.gq --params '{"imo":"V9","name":"Nova"}' --store g.omni --as act-a`,
        `omnigraph mutate -e 'query z() { update Vessel set { tonnage: 1 } where imo = "V1" }' --store g.omni`,
      ),
    )
    .action(shell.run('mutate', async () => (await import('../actions/mutate.js')).runMutate));
