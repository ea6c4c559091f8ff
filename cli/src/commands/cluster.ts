import { type Command, InvalidArgumentError } from 'commander';
import { choiceOption, examples, jsonOption, parsedOption, type Shell, valueOption } from '../shell.js';

const configOption = () =>
  valueOption('--config <dir>', 'config directory with cluster.yaml').default('.', 'the current directory');

const LEAST_AGE = 7;

/** `30d` or `30`, at least a week. */
function daysOf(text: string): number {
  const days = Number(/^(\d{1,5})d?$/.exec(text)?.[1] ?? Number.NaN);
  if (days >= LEAST_AGE) return days;
  throw new InvalidArgumentError(`Give whole days, at least ${LEAST_AGE}, as in 30d.`);
}

export const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;

/** cli.md §9.9; what the commands do: cluster.md §§10–16. */
export const clusterCommand = (shell: Shell): Command => {
  const declare = (name: string, summary: string): Command =>
    shell.declare(name, summary).addOption(configOption()).addOption(jsonOption());
  return shell
    .declare('cluster', 'Plan and apply a cluster of graphs from a config directory')
    .addCommand(
      declare('validate', 'Check the config directory; touches no storage')
        .addHelpText('after', examples('omnigraph cluster validate --config ./port'))
        .action(shell.run('cluster validate', async () => (await import('../actions/cluster.js')).runClusterValidate)),
    )
    .addCommand(
      declare('plan', 'Show what apply would change')
        .addOption(
          choiceOption(
            '--format <format>',
            'text, json, or markdown for a pull-request comment',
            PLAN_FORMATS,
          ).conflicts('json'),
        )
        .option('--detailed-exitcode', 'exit 2 when something would change, 0 when nothing would, 1 on errors')
        .addHelpText(
          'after',
          examples(
            'omnigraph cluster plan --config ./port',
            'omnigraph cluster plan --config ./port --format markdown --detailed-exitcode',
          ),
        )
        .action(shell.run('cluster plan', async () => (await import('../actions/cluster.js')).runClusterPlan)),
    )
    .addCommand(
      declare('apply', 'Bring the cluster to what the config declares')
        .addHelpText('after', examples('omnigraph cluster apply --config ./port --as act-mira'))
        .action(shell.run('cluster apply', async () => (await import('../actions/cluster.js')).runClusterApply)),
    )
    .addCommand(
      declare('approve', 'Approve a gated change, such as deleting a graph')
        .argument('<resource>', 'address of the change, for example graph.yard')
        .addHelpText('after', examples('omnigraph cluster approve graph.yard --config ./port --as act-mira'))
        .action(shell.run('cluster approve', async () => (await import('../actions/cluster.js')).runClusterApprove)),
    )
    .addCommand(
      declare('status', 'Show the ledger, its resources and the lock')
        .addHelpText('after', examples('omnigraph cluster status --config ./port'))
        .action(shell.run('cluster status', async () => (await import('../actions/cluster.js')).runClusterStatus)),
    )
    .addCommand(
      declare('refresh', 'Record in the ledger what the live graphs and payloads are')
        .addHelpText('after', examples('omnigraph cluster refresh --config ./port'))
        .action(shell.run('cluster refresh', async () => (await import('../actions/cluster.js')).runClusterRefresh)),
    )
    .addCommand(
      declare('import', 'Create the ledger of a cluster that has none')
        .addHelpText('after', examples('omnigraph cluster import --config ./port'))
        .action(shell.run('cluster import', async () => (await import('../actions/cluster.js')).runClusterImport)),
    )
    .addCommand(
      declare('force-unlock', 'Remove a lock that a dead process left behind')
        .argument('<lock-id>', 'id of the lock, as `cluster status` shows it')
        .addHelpText('after', examples('omnigraph cluster force-unlock 01JZ6Y3T9QF0M4W8B2C5D7E9GH --config ./port'))
        .action(
          shell.run('cluster force-unlock', async () => (await import('../actions/cluster.js')).runClusterForceUnlock),
        ),
    )
    .addCommand(
      declare('gc', 'List what in the storage root nothing needs any more; delete it with --confirm')
        .option('--confirm', 'delete what is listed; without it nothing is')
        .addOption(
          parsedOption('--older-than <days>', `keep what is younger, at least ${LEAST_AGE} days`, daysOf).default(
            LEAST_AGE,
            `${LEAST_AGE}d`,
          ),
        )
        .addHelpText(
          'after',
          examples(
            'omnigraph cluster gc --config ./port',
            'omnigraph cluster gc --config ./port --older-than 30d --confirm',
          ),
        )
        .action(shell.run('cluster gc', async () => (await import('../actions/cluster.js')).runClusterGc)),
    )
    .addCommand(
      declare('graph', 'Draw what depends on what in the config, as a Mermaid flowchart')
        .addHelpText('after', examples('omnigraph cluster graph --config ./port > cluster.mmd'))
        .action(shell.run('cluster graph', async () => (await import('../actions/cluster.js')).runClusterGraph)),
    );
};
