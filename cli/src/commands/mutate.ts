import type { Command } from 'commander';
import { examples, jsonOption, type Shell, valueOption } from '../shell.js';

/** cli.md §9.3. */
export const mutateCommand = (shell: Shell): Command =>
  shell
    .declare('mutate', 'Run a mutation query against one graph')
    .alias('change')
    .argument('[name]', 'which query of the source to run; may be left out when it holds one')
    .addOption(valueOption('--query <path>', 'file with the query source').conflicts('queryString'))
    .addOption(valueOption('-e, --query-string <gq>', 'the query source itself'))
    .addOption(valueOption('--params <json>', 'parameters, a JSON object').conflicts('paramsFile'))
    .addOption(valueOption('--params-file <path>', 'file with the parameters'))
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
