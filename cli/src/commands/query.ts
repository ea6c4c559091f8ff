import type { Command } from 'commander';
import { OUTPUT_FORMATS } from '../output/formats.js';
import { choiceOption, examples, jsonOption, type Shell, valueOption } from '../shell.js';
import { withSource } from './source-options.js';

/** cli.md §9.1. */
export const queryCommand = (shell: Shell): Command =>
  withSource(shell.declare('query', 'Run a read query against one graph').alias('read'))
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
