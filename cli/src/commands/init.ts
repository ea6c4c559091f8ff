import { type Command, Option } from 'commander';
import { examples, type Shell, valueOption } from '../shell.js';

/** cli.md §9.7. */
export const initCommand = (shell: Shell): Command =>
  shell
    .declare('init', 'Create an empty graph with a schema')
    .argument('<uri>', 'where the graph goes: a path, file:// or s3://')
    .addOption(valueOption('--schema <path>', 'the schema').makeOptionMandatory())
    .addOption(new Option('--force', 'replace stray schema files where no graph exists; never an existing graph'))
    .addHelpText('after', examples('omnigraph init --schema harbor.pg g.omni'))
    .action(shell.run('init', async () => (await import('../actions/init.js')).runInit));
