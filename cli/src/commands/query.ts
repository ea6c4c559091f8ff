import type { Command } from 'commander';
import { OUTPUT_FORMATS } from '../output/formats.js';
import { choiceOption, examples, jsonOption, type Shell, valueOption } from '../shell.js';

/** cli.md §9.1. */
export const queryCommand = (shell: Shell): Command =>
  shell
    .declare('query', 'Run a read query against one graph')
    .alias('read')
    .argument('[name]', 'which query of the source to run; may be left out when it holds one')
    .addOption(valueOption('--query <path>', 'file with the query source').conflicts('queryString'))
    .addOption(valueOption('-e, --query-string <gq>', 'the query source itself'))
    .addOption(valueOption('--params <json>', 'parameters, a JSON object').conflicts('paramsFile'))
    .addOption(valueOption('--params-file <path>', 'file with the parameters'))
    .addOption(valueOption('--branch <branch>', 'branch to read (default: main)').conflicts('snapshot'))
    .addOption(valueOption('--snapshot <id>', 'commit to read'))
    .addOption(choiceOption('--format <format>', 'output format', OUTPUT_FORMATS).conflicts('json'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        `omnigraph query vessel_by_imo --query fleet.gq --params '{"imo":"V1"}' --store g.omni`,
        `omnigraph query -e 'query harbors() { match { $h: Harbor } return { $h.code } }' --store g.omni --format csv`,
      ),
    )
    .action(shell.run('query', async () => (await import('../actions/query.js')).runQuery));
