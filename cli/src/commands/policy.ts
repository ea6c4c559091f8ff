import { type Command, InvalidArgumentError } from 'commander';
import { examples, parsedOption, type Shell, valueOption } from '../shell.js';

const ACTIONS = [
  'read',
  'export',
  'change',
  'schema_apply',
  'branch_create',
  'branch_delete',
  'branch_merge',
  'admin',
  'invoke_query',
  'graph_list',
] as const;

/** Hyphens and underscores both name an action; the snake_case form is what goes on. */
function parseAction(text: string): string {
  const action = ACTIONS.find((known) => known === text || known.replaceAll('_', '-') === text);
  if (action !== undefined) return action;
  throw new InvalidArgumentError(`Allowed choices are ${ACTIONS.join(', ')}.`);
}

/** cli.md §9.7. */
export const policyCommand = (shell: Shell): Command =>
  shell
    .declare('policy', 'Check and explain the applied policy bundles of a cluster')
    .addCommand(
      shell
        .declare('validate', 'Check an applied bundle')
        .addHelpText('after', examples('omnigraph policy validate --cluster ./port --graph fleet'))
        .action(shell.run('policy validate', async () => (await import('../actions/policy.js')).runPolicyValidate)),
    )
    .addCommand(
      shell
        .declare('test', 'Run a file of expected decisions against an applied bundle')
        .addOption(valueOption('--tests <path>', 'the tests file').makeOptionMandatory())
        .addHelpText('after', examples('omnigraph policy test --cluster ./port --graph fleet --tests gate.tests.yaml'))
        .action(shell.run('policy test', async () => (await import('../actions/policy.js')).runPolicyTest)),
    )
    .addCommand(
      shell
        .declare('explain', 'Say whether an actor may do something, and why')
        .addOption(valueOption('--actor <actor>', 'who asks').makeOptionMandatory())
        .addOption(
          parsedOption(
            '--action <action>',
            `what they ask for: ${ACTIONS.join(', ')}`,
            parseAction,
          ).makeOptionMandatory(),
        )
        .addOption(valueOption('--branch <branch>', 'the branch acted on'))
        .addOption(valueOption('--target-branch <branch>', 'the branch written to'))
        .addHelpText(
          'after',
          examples(
            'omnigraph policy explain --cluster ./port --graph fleet --actor act-x --action change --branch main',
          ),
        )
        .action(shell.run('policy explain', async () => (await import('../actions/policy.js')).runPolicyExplain)),
    );
