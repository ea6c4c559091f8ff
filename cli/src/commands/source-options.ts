import type { Command } from 'commander';
import { valueOption } from '../shell.js';

/** What `query` and `mutate` share: which query to run, and with what parameters (cli.md §9.1). */
export const withSource = (command: Command): Command =>
  command
    .argument('[name]', 'which query of the source to run; may be left out when it holds one')
    .addOption(valueOption('--query <path>', 'file with the query source').conflicts('queryString'))
    .addOption(valueOption('-e, --query-string <gq>', 'the query source itself'))
    .addOption(valueOption('--params <json>', 'parameters, a JSON object').conflicts('paramsFile'))
    .addOption(valueOption('--params-file <path>', 'file with the parameters'));
