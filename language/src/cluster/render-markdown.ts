/**
 * A plan as a pull-request comment: the same report as the text and the JSON, under 60 KB whatever the plan, and the
 * same bytes for the same plan. What does not fit is counted, never dropped silently. Beyond cluster.md §11.
 */
import { reportedDiagnostic } from './cluster-diagnostic.js';
import { clip, codeSpan, type Section, writeSections } from './markdown-sections.js';
import type { Change, Gate } from './plan.js';
import { renderDataImpact, renderPlanStep } from './render-step.js';
import { renderChange } from './render-text.js';
import type { PlanReport } from './report.js';

/** Below the 65,536 characters that GitHub takes for a comment, in bytes. */
export const MARKDOWN_LIMIT = 60_000;

/** GitHub-flavoured Markdown of at most `MARKDOWN_LIMIT` bytes of UTF-8, with a trailing newline. */
export function renderPlanMarkdown(report: PlanReport): string {
  const errors = report.diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = report.diagnostics.filter(({ severity }) => severity !== 'error');
  return writeSections(
    heading(report, errors.length),
    [
      { title: 'Errors', isOpen: true, lines: errors.map(diagnosticLine) },
      {
        title: 'Approvals',
        isOpen: true,
        lines: report.approvals_required.map((gate) => gateLine(gate, report.changes)),
      },
      { title: 'Changes', isOpen: false, lines: report.changes.map(changeLine) },
      { title: 'Migrations and data', isOpen: false, lines: report.changes.flatMap(previewLines) },
      { title: 'Warnings', isOpen: false, lines: warnings.map(diagnosticLine) },
    ] satisfies readonly Section[],
    MARKDOWN_LIMIT,
  );
}

function heading(report: PlanReport, errors: number): string {
  if (!report.ok) return `### Cluster plan: failed, ${counted(errors, 'error')}`;
  if (report.changes.length === 0) return '### Cluster plan: no changes';
  const gates = report.approvals_required.filter(({ satisfied }) => !satisfied).length;
  const waiting = gates === 0 ? '' : `, ${counted(gates, 'approval')} needed`;
  return `### Cluster plan: ${counted(report.changes.length, 'change')}${waiting}`;
}

const changeLine = (change: Change): string => {
  const { disposition, reason } = change;
  return `- ${codeSpan(renderChange(change))} ${disposition}${reason === undefined ? '' : ` (${reason})`}`;
};

function previewLines(change: Change): readonly string[] {
  const { resource, migration } = change;
  const details = [...(migration?.steps ?? []).map(renderPlanStep), ...renderDataImpact(change)];
  if (details.length === 0) return [];
  const verdict = migration === undefined || migration.supported ? '' : ' (not supported, apply will refuse)';
  return [`- ${codeSpan(resource)}${verdict}`, ...details.map((detail) => `  - ${codeSpan(clip(detail))}`)];
}

function gateLine({ resource, reason, satisfied }: Gate, changes: readonly Change[]): string {
  const advice = satisfied ? 'approved' : `needs ${codeSpan(`omnigraph cluster approve ${resource}`)}`;
  // How much would go belongs before the eyes of whoever approves.
  const impact = changes.find((change) => change.resource === resource)?.data_impact;
  const rows = impact === undefined ? '' : `, ${counted(impact.rows, 'row')} now`;
  return `- [${satisfied ? 'x' : ' '}] ${codeSpan(resource)}: ${reason}${rows}; ${advice}`;
}

function diagnosticLine(diagnostic: PlanReport['diagnostics'][number]): string {
  const { code, path, message } = reportedDiagnostic(diagnostic);
  return `- ${codeSpan(code)} ${codeSpan(path)} ${codeSpan(clip(message))}`;
}

const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;
