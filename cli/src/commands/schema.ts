import { type Command, Option } from 'commander';
import { examples, jsonOption, type Shell, URI_ARGUMENT, valueOption } from '../shell.js';

const dataLossOption = (): Option =>
  new Option('--allow-data-loss', 'delete dropped data instead of hiding it (hard drops)');

/** cli.md §9.7. */
export const schemaCommand = (shell: Shell): Command =>
  shell
    .declare('schema', "Show, plan and apply a graph's schema")
    .addCommand(
      shell
        .declare('show', 'Print the accepted schema')
        // An old spelling that help never shows (§1.4).
        .alias('get')
        .argument(...URI_ARGUMENT)
        .addOption(jsonOption())
        .addHelpText('after', examples('omnigraph schema show g.omni'))
        .action(shell.run('schema show', async () => (await import('../actions/schema-show.js')).runSchemaShow)),
    )
    .addCommand(
      shell
        .declare('plan', 'Show the migration from the accepted schema to a file, changing nothing')
        .argument(...URI_ARGUMENT)
        .addOption(valueOption('--schema <path>', 'the desired schema').makeOptionMandatory())
        .addOption(dataLossOption())
        .addOption(jsonOption())
        .addHelpText('after', examples('omnigraph schema plan --schema next.pg g.omni'))
        .action(shell.run('schema plan', async () => (await import('../actions/schema-plan.js')).runSchemaPlan)),
    )
    .addCommand(
      shell
        .declare('apply', 'Migrate a graph to a schema file')
        .argument(...URI_ARGUMENT)
        .addOption(valueOption('--schema <path>', 'the desired schema').makeOptionMandatory())
        .addOption(dataLossOption())
        .addOption(jsonOption())
        .addHelpText('after', examples('omnigraph schema apply --schema next.pg g.omni'))
        .action(shell.run('schema apply', async () => (await import('../actions/schema-apply.js')).runSchemaApply)),
    );
