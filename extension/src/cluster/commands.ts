/**
 * Commands on a cluster: each runs `omnigraph cluster …` on the saved files and shows its report. Apply first shows the
 * plan and asks; nothing is written before the answer.
 */
import type { ClusterNode, PlanPanel } from 'omnigraph-language/editor';
import * as vscode from 'vscode';
import type { Extension } from '../extension.js';
import type { ProgramResult, Programs } from '../programs.js';
import { CommandRefused } from '../registry.js';
import { folderOf, nameOf } from './model.js';
import { planOf } from './plan-panel.js';
import { type ReportedDiagnostic, reportIn, reportText } from './report.js';

export function clusterCommands(extension: Extension): readonly vscode.Disposable[] {
  const { commands } = extension;
  return [
    commands.register('omnigraph.validate', async (target) => {
      const cluster = await extension.cluster.choose(target);
      await say(await clusterProgram(['validate'], cluster, extension), 'The configuration is valid.', extension);
    }),
    commands.register('omnigraph.plan', async (target) => {
      const cluster = await extension.cluster.choose(target);
      const result = await clusterProgram(['plan'], cluster, extension, { json: false });
      extension.log.info(`omnigraph cluster plan\n${result.stdout}${result.stderr}`);
      if (result.exitCode !== 0) throw new CommandRefused(failureText(result));
      extension.log.show(true);
    }),
    commands.register('omnigraph.apply', (target) => apply(target, extension)),
    commands.register('omnigraph.approve', (target, resource) => approve(target, resource, extension)),
    commands.register('omnigraph.refresh', async (target) => {
      const cluster = await extension.cluster.choose(target);
      const result = await clusterProgram(['refresh'], cluster, extension);
      await say(result, 'The ledger says what the live graphs are.', extension);
      await extension.cluster.lookAgain();
    }),
    commands.register('omnigraph.forceUnlock', (target) => forceUnlock(target, extension)),
  ];
}

async function apply(target: unknown, extension: Extension): Promise<void> {
  const cluster = await extension.cluster.choose(target);
  await saveClusterFiles(cluster);
  const plan = await planOf(cluster.uri, extension, true);
  const errors = plan.notes.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    throw new CommandRefused(`The plan has errors: ${errors.map(({ message }) => message).join('; ')}`);
  }
  if (plan.available && plan.sections.length === 0) {
    vscode.window.setStatusBarMessage(
      `$(check) ${nameOf(cluster)} is what its files say: there is nothing to apply.`,
      SAID_FOR,
    );
    return;
  }
  await vscode.commands.executeCommand('omnigraph.showPlan', cluster.uri);
  const answer = await vscode.window.showWarningMessage(
    `Apply to ${nameOf(cluster)}?`,
    { modal: true, detail: confirmationText(plan) },
    'Apply',
  );
  if (answer !== 'Apply') return;
  if (plan.ledger === 'missing') await importLedger(cluster, extension);
  const result = await clusterProgram(['apply', ...actorArgs()], cluster, extension);
  await say(result, appliedText(result), extension);
  await extension.cluster.lookAgain();
}

/** The first apply of a cluster needs a ledger to write to. */
async function importLedger(cluster: ClusterNode, extension: Extension): Promise<void> {
  const result = await clusterProgram(['import'], cluster, extension);
  if (result.exitCode !== 0) throw new CommandRefused(failureText(result));
}

const MOST_LINES = 14;

/** The plan in the lines that fit a dialog; the panel behind it has the rest. */
function confirmationText({ title, sections, approvals }: PlanPanel): string {
  const shown = sections.filter(({ disposition }) => disposition !== 'derived');
  const lines = shown
    .filter(({ kind }) => kind !== 'query')
    .map(({ sign, address, title: what }) => `${sign} ${address}: ${what}`);
  const queries = shown.filter(({ kind }) => kind === 'query');
  const counted = ['create', 'update', 'delete'].flatMap((operation) => {
    const { length } = queries.filter((query) => query.operation === operation);
    return length === 0 ? [] : [`${length} to ${operation}`];
  });
  const more = lines.length > MOST_LINES ? [`… and ${lines.length - MOST_LINES} more`] : [];
  const missing = approvals
    .filter(({ satisfied }) => !satisfied)
    .map(({ resource }) => `! ${resource} waits for approval`);
  return [
    title,
    '',
    ...lines.slice(0, MOST_LINES),
    ...more,
    ...(counted.length === 0 ? [] : [`Queries: ${counted.join(', ')}`]),
    ...missing,
  ].join('\n');
}

function appliedText({ stdout }: ProgramResult): string {
  const { applied_count: applied, deferred_count: deferred, converged } = reportIn(stdout) ?? {};
  const held = typeof deferred === 'number' && deferred > 0 ? `, ${deferred} held back` : '';
  return `Applied ${applied ?? 0} ${applied === 1 ? 'change' : 'changes'}${held}. ${converged === true ? 'The cluster is converged.' : ''}`.trim();
}

async function approve(target: unknown, resource: unknown, extension: Extension): Promise<void> {
  const cluster = await extension.cluster.choose(target);
  const address = typeof resource === 'string' ? resource : await chooseGate(cluster, extension);
  const answer = await vscode.window.showWarningMessage(
    `Approve the change of ${address}?`,
    { modal: true, detail: 'The approval is for exactly this change. The next apply carries it out.' },
    'Approve',
  );
  if (answer !== 'Approve') return;
  const result = await clusterProgram(['approve', address, ...actorArgs()], cluster, extension);
  await say(result, `${address} is approved.`, extension);
  await extension.cluster.lookAgain();
}

async function chooseGate(cluster: ClusterNode, extension: Extension): Promise<string> {
  const { approvals } = await planOf(cluster.uri, extension, true);
  const open = approvals.filter(({ satisfied }) => !satisfied);
  if (open.length === 0) throw new CommandRefused('No change of this cluster waits for an approval.');
  const chosen = await vscode.window.showQuickPick(
    open.map(({ resource, reason }) => ({ label: resource, description: reason })),
    { title: 'Approve which change?' },
  );
  if (chosen === undefined) throw new vscode.CancellationError();
  return chosen.label;
}

async function forceUnlock(target: unknown, extension: Extension): Promise<void> {
  const cluster = await extension.cluster.choose(target);
  const status = reportIn((await clusterProgram(['status'], cluster, extension)).stdout);
  const {
    lock_id: lock,
    lock_operation: operation,
    lock_created_at: since,
    lock_pid: pid,
  } = status?.state_observations ?? {};
  if (lock === undefined) throw new CommandRefused('The cluster is not locked.');
  const holder = `cluster ${operation ?? 'command'} (pid ${pid ?? 'unknown'}) has held it since ${since ?? 'an unknown time'}.`;
  const answer = await vscode.window.showWarningMessage(
    `Remove the lock of ${nameOf(cluster)}?`,
    { modal: true, detail: `Lock ${lock}: ${holder} Remove it only when that command is dead.` },
    'Remove Lock',
  );
  if (answer !== 'Remove Lock') return;
  await say(await clusterProgram(['force-unlock', lock], cluster, extension), 'The lock is removed.', extension);
  await extension.cluster.lookAgain();
}

/** Programs read files, so what is unsaved must be written first. */
async function saveClusterFiles(cluster: ClusterNode): Promise<void> {
  const folder = folderOf(cluster).toString();
  const unsaved = vscode.workspace.textDocuments.filter(
    ({ isDirty, isUntitled, uri }) => isDirty && !isUntitled && uri.toString().startsWith(`${folder}/`),
  );
  for (const document of unsaved) {
    if (!(await document.save())) throw new CommandRefused(`${document.fileName} could not be saved.`);
  }
}

async function clusterProgram(
  args: readonly string[],
  cluster: ClusterNode,
  { programs }: Extension,
  { json }: { readonly json: boolean } = { json: true },
): Promise<ProgramResult> {
  const folder = folderOf(cluster);
  const { omnigraph } = runnable(programs, folder);
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `omnigraph cluster ${args[0]}`, cancellable: false },
    () =>
      omnigraph(['cluster', ...args, '--config', folder.fsPath, ...(json ? ['--json'] : [])], { cwd: folder.fsPath }),
  );
}

/** Throws `CommandRefused` where no program may or can run. */
export function runnable(programs: Programs | undefined, folder: vscode.Uri): Programs {
  if (!vscode.workspace.isTrusted) throw new CommandRefused('Trust this workspace first: the command runs a program.');
  if (programs === undefined)
    throw new CommandRefused('A browser runs no programs. Open the folder in desktop VS Code.');
  if (folder.scheme !== 'file') throw new CommandRefused(`omnigraph cannot work on ${folder.scheme} folders.`);
  return programs;
}

export function actorArgs(): readonly string[] {
  const actor = actorName();
  return actor === undefined ? [] : ['--as', actor];
}

/** In whose name things happen, when the settings say so. */
export function actorName(): string | undefined {
  const actor = vscode.workspace.getConfiguration('omnigraph').get<string>('actor', '').trim();
  return actor === '' ? undefined : actor;
}

async function say(result: ProgramResult, success: string, { log }: Extension): Promise<void> {
  const report = reportIn(result.stdout);
  const diagnostics = report?.diagnostics ?? [];
  if (diagnostics.length > 0) log.info(diagnostics.map(lineOf).join('\n'));
  if (result.exitCode !== 0) throw new CommandRefused(failureText(result));
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  const more = warnings === 0 ? '' : ` ${warnings} ${warnings === 1 ? 'warning is' : 'warnings are'} in the output.`;
  // What went well needs no click to go away.
  vscode.window.setStatusBarMessage(`$(check) ${success}${more}`, SAID_FOR);
}

/** Milliseconds. */
const SAID_FOR = 10_000;

const lineOf = ({ severity, code, path, message }: ReportedDiagnostic): string =>
  `${severity} ${code} ${path}: ${message}`;

function failureText({ stdout, stderr }: ProgramResult): string {
  const errors = (reportIn(stdout)?.diagnostics ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return errors.map(({ message }) => message).join('; ');
  return reportText(stderr) || reportText(stdout) || 'omnigraph failed without a word';
}
