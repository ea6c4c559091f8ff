/** A plan as a pull-request comment. It renders the same report as the text and the JSON do, and nothing more. */
import { reportedDiagnostic } from './cluster-diagnostic.js';
import type { Change } from './plan.js';
import { renderPlanStep } from './render-step.js';
import { renderChange } from './render-text.js';
import type { PlanReport } from './report.js';

/** GitHub-flavoured Markdown, with a trailing newline. */
export function renderPlanMarkdown(report: PlanReport): string {
  const sections = [
    heading(report),
    report.changes.length === 0 ? '' : changeTable(report.changes),
    ...report.changes.map(migrationSection),
    gateSection(report),
    diagnosticSection(report),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function heading(report: PlanReport): string {
  if (!report.ok) return '### Cluster plan: failed';
  return report.changes.length === 0
    ? '### Cluster plan: no changes'
    : `### Cluster plan: ${report.changes.length} ${report.changes.length === 1 ? 'change' : 'changes'}`;
}

const changeTable = (changes: readonly Change[]): string =>
  [
    '| Change | Outcome |',
    '|---|---|',
    ...changes.map(
      (change) =>
        `| ${cell(renderChange(change))} | ${change.disposition}${change.reason ? ` (${change.reason})` : ''} |`,
    ),
  ].join('\n');

function migrationSection({ resource, migration }: Change): string {
  if (migration === undefined) return '';
  const verdict = migration.supported ? '' : ' (not supported, apply will refuse)';
  return [
    `**Migration of \`${resource}\`**${verdict}`,
    '',
    ...migration.steps.map((step) => `- ${cell(renderPlanStep(step))}`),
  ].join('\n');
}

function gateSection({ approvals_required: gates }: PlanReport): string {
  if (gates.length === 0) return '';
  const lines = gates.map(({ resource, reason, satisfied }) => {
    const advice = satisfied ? 'approved' : `needs \`omnigraph cluster approve ${resource}\``;
    return `- [${satisfied ? 'x' : ' '}] \`${resource}\`: ${reason}; ${advice}`;
  });
  return ['**Approvals**', '', ...lines].join('\n');
}

function diagnosticSection({ diagnostics }: PlanReport): string {
  if (diagnostics.length === 0) return '';
  const lines = diagnostics.map((diagnostic) => {
    const { severity, code, path, message } = reportedDiagnostic(diagnostic);
    return `- ${severity} \`${code}\` \`${path}\`: ${cell(message)}`;
  });
  return ['**Diagnostics**', '', ...lines].join('\n');
}

/** Text that cannot end a table cell or start markup. */
const cell = (text: string): string => text.replace(/[\\`*_[\]<>|]/g, '\\$&').replace(/\r?\n/g, ' ');
