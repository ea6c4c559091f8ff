/** The `cluster` commands: arguments in, one report out (cli.md §9.9, cluster.md §10). */
import {
  type ClusterReport,
  type PlanReport,
  renderPlanMarkdown,
  renderReportJson,
  renderReportText,
} from 'omnigraph-language';
import {
  applyCluster,
  approveResource,
  type ControlOptions,
  clusterGraph,
  clusterStatus,
  collectGarbage,
  forceUnlock,
  importCluster,
  planClusterAt,
  refreshCluster,
  validateCluster,
} from 'omnigraph-server/control';
import type { PLAN_FORMATS } from '../commands/cluster.js';
import { type ExitCode, Failure } from '../failure.js';
import { configPath } from '../operator/home.js';
import type { Invocation } from '../shell.js';
import { operatorConfig } from './operator.js';

interface ClusterOptions {
  readonly config: string;
  readonly json?: true;
}

type Run = (invocation: Invocation, options: ClusterOptions) => Promise<ExitCode>;

/** A command that takes nothing but the config directory. */
const simple =
  (command: (options: ControlOptions) => Promise<ClusterReport>): Run =>
  async (invocation, options) =>
    report(invocation, options, await command(controlOptions(invocation, options)));

export const runClusterValidate = simple(validateCluster);
export const runClusterGraph = simple(clusterGraph);
export const runClusterStatus = simple(clusterStatus);
export const runClusterRefresh = simple(refreshCluster);
export const runClusterImport = simple(importCluster);

interface PlanOptions extends ClusterOptions {
  readonly format?: PlanFormat;
  readonly detailedExitcode?: true;
}

type PlanFormat = (typeof PLAN_FORMATS)[number];

/** `cluster plan`: with `--detailed-exitcode`, a plan that would change something exits 2. */
export async function runClusterPlan(invocation: Invocation, options: PlanOptions): Promise<ExitCode> {
  const plan = await planClusterAt(controlOptions(invocation, options));
  await invocation.terminal.print(renderPlan(plan, options.json ? 'json' : (options.format ?? 'text')));
  if (!plan.ok) return 1;
  return options.detailedExitcode && plan.changes.length > 0 ? 2 : 0;
}

function renderPlan(plan: PlanReport, format: PlanFormat): string {
  switch (format) {
    case 'text':
      return renderReportText(plan);
    case 'json':
      return renderReportJson(plan);
    case 'markdown':
      return renderPlanMarkdown(plan);
    default:
      return format satisfies never;
  }
}

/** `cluster apply`: the actor, if any, is recorded; nobody is refused (cluster.md §10). */
export const runClusterApply: Run = async (invocation, options) => {
  const actor = await clusterActor(invocation);
  const control = controlOptions(invocation, options);
  return report(invocation, options, await applyCluster(actor === undefined ? control : { ...control, actor }));
};

/** `cluster approve`: an approval without an approver is none. */
export async function runClusterApprove(
  invocation: Invocation,
  resource: string,
  options: ClusterOptions,
): Promise<ExitCode> {
  const actor = await clusterActor(invocation);
  if (actor === undefined) {
    const file = configPath(invocation.terminal.env) ?? 'the operator config';
    throw new Failure(`an approval needs an approver: pass \`--as <actor>\` or set \`operator.actor\` in ${file}`);
  }
  return report(
    invocation,
    options,
    await approveResource({ ...controlOptions(invocation, options), resource, actor }),
  );
}

export async function runClusterForceUnlock(
  invocation: Invocation,
  lockId: string,
  options: ClusterOptions,
): Promise<ExitCode> {
  return report(invocation, options, await forceUnlock({ ...controlOptions(invocation, options), lockId }));
}

interface GcOptions extends ClusterOptions {
  readonly confirm?: true;
  readonly olderThan?: number;
}

/** `cluster gc`: a dry run unless confirmed. */
export async function runClusterGc(invocation: Invocation, options: GcOptions): Promise<ExitCode> {
  const { confirm = false, olderThan } = options;
  const control = { ...controlOptions(invocation, options), confirm };
  return report(
    invocation,
    options,
    await collectGarbage(olderThan === undefined ? control : { ...control, olderThanDays: olderThan }),
  );
}

const controlOptions = ({ terminal }: Invocation, { config }: ClusterOptions): ControlOptions => ({
  configDir: config,
  env: terminal.env,
});

/** With `--as` the operator config is not even opened (cluster.md §10). */
async function clusterActor({ flags, terminal }: Invocation): Promise<string | undefined> {
  return flags.as ?? (await operatorConfig(terminal)).actor;
}

async function report({ terminal }: Invocation, options: ClusterOptions, value: ClusterReport): Promise<ExitCode> {
  await terminal.print(options.json ? renderReportJson(value) : renderReportText(value));
  return value.ok ? 0 : 1;
}
