import type { Command } from 'commander';
import { choiceOption, examples, jsonOption, type Shell, URI_ARGUMENT, valueOption } from '../shell.js';

/** cli.md §9.4.1. */
export const loadCommand = (shell: Shell): Command =>
  shell
    .declare('load', 'Load a JSONL file into a graph, as one commit')
    .argument(...URI_ARGUMENT)
    .addOption(valueOption('--data <path>', 'JSONL file, one entity a line').makeOptionMandatory())
    .addOption(
      choiceOption('--mode <mode>', 'what happens to stored entities', [
        'overwrite',
        'append',
        'merge',
      ]).makeOptionMandatory(),
    )
    .addOption(valueOption('--branch <branch>', 'branch to write, which must exist (default: main)'))
    .addOption(jsonOption())
    .addHelpText('after', examples('omnigraph load --data fleet.jsonl --mode merge g.omni'))
    .action(shell.run('load', async () => (await import('../actions/load.js')).runLoad));
