/** The page of the plan panel: summary, then each resource with its steps, rows and approvals. */
import type { PlanPanel, PlanSection } from 'omnigraph-language/editor';
import { button, type Child, element, host, onMessage } from './page.js';

interface PlanMessage {
  readonly plan: PlanPanel;
  readonly focus: string | null;
  readonly canApply: boolean;
}

onMessage<PlanMessage>(({ plan, focus, canApply }, root) => {
  root.replaceChildren(
    element('h1', {}, plan.name ?? 'Cluster'),
    element('p', { class: 'summary', role: 'status' }, plan.title),
    toolbar(plan, canApply),
    ...approvals(plan, canApply),
    ...notes(plan),
    ...resources(plan),
  );
  if (focus !== null) document.getElementById(idOf(focus))?.scrollIntoView({ block: 'center' });
});

const toolbar = ({ markdown, sections }: PlanPanel, canApply: boolean): HTMLElement =>
  element(
    'div',
    { class: 'toolbar', role: 'toolbar', label: 'Plan' },
    button('Apply…', () => host.postMessage({ type: 'apply' }), {
      class: 'primary',
      disabled: !canApply || sections.length === 0,
    }),
    button('Copy as Markdown', () => host.postMessage({ type: 'copy' }), { disabled: markdown === null }),
    button('Look Again', () => host.postMessage({ type: 'refresh' })),
  );

function approvals({ approvals: gates }: PlanPanel, canApply: boolean): readonly HTMLElement[] {
  if (gates.length === 0) return [];
  return [
    element('h2', {}, 'Approvals'),
    element(
      'ul',
      { class: 'approvals' },
      gates.map(({ resource, reason, satisfied, command }) =>
        element(
          'li',
          {},
          element('span', { class: satisfied ? 'badge ok' : 'badge blocked' }, satisfied ? 'approved' : 'missing'),
          element('code', {}, resource),
          ` ${reason} `,
          satisfied
            ? undefined
            : button('Approve…', () => host.postMessage({ type: 'approve', resource }), {
                title: command,
                disabled: !canApply,
              }),
        ),
      ),
    ),
  ];
}

function notes({ notes: shown, available }: PlanPanel): readonly HTMLElement[] {
  const unavailable = available
    ? []
    : [element('p', { class: 'note' }, 'No plan can be made here: it needs files on a disk and a trusted workspace.')];
  if (shown.length === 0) return unavailable;
  return [
    ...unavailable,
    element('h2', {}, 'Notes'),
    element(
      'ul',
      { class: 'notes' },
      shown.map(({ severity, code, path, message }) =>
        element(
          'li',
          { class: severity },
          element('span', { class: `badge ${severity}` }, severity),
          path === '' ? undefined : element('code', {}, path),
          ` ${message} `,
          element('small', {}, code),
        ),
      ),
    ),
  ];
}

function resources({ sections, available }: PlanPanel): readonly HTMLElement[] {
  if (sections.length === 0) return available ? [element('p', { class: 'empty' }, 'Nothing to apply.')] : [];
  return GROUPS.flatMap(({ title, kinds }) => {
    const group = sections.filter(({ kind }) => kinds.includes(kind));
    return group.length === 0 ? [] : [element('h2', {}, `${title} (${group.length})`), ...group.map(resource)];
  });
}

/** What decides about data first; there may be hundreds of queries. */
const GROUPS: readonly { readonly title: string; readonly kinds: readonly string[] }[] = [
  { title: 'Graphs', kinds: ['graph', 'schema'] },
  { title: 'Providers', kinds: ['provider'] },
  { title: 'Policies', kinds: ['policy'] },
  { title: 'Queries', kinds: ['query'] },
];

function resource(section: PlanSection): HTMLElement {
  const { address, sign, title, operation, disposition, steps, supported, dataImpact, affects, place, before, after } =
    section;
  return element(
    'details',
    { id: idOf(address), class: `change ${operation} ${disposition}`, open: saysMore(section) },
    element(
      'summary',
      {},
      element('span', { class: 'sign', 'aria-hidden': 'true' }, sign),
      element('code', {}, address),
      element('span', { class: 'what' }, title),
    ),
    element(
      'div',
      { class: 'detail' },
      supported === false ? element('p', { class: 'problem' }, 'Apply will refuse this migration.') : undefined,
      stepTable(steps),
      impact(dataImpact),
      dependents(affects),
      before === after
        ? undefined
        : element('p', { class: 'digests' }, `${shortDigest(before)} → ${shortDigest(after)}`),
      place === null ? undefined : button('Show in cluster.yaml', () => reveal(place), { class: 'link' }),
    ),
  );
}

/** The rest is one line each, opened when asked. */
const saysMore = ({ steps, dataImpact, reason, supported }: PlanSection): boolean =>
  steps.length > 0 || dataImpact !== null || reason !== null || supported === false;

function stepTable(steps: PlanSection['steps']): HTMLElement | undefined {
  if (steps.length === 0) return undefined;
  return element(
    'table',
    {},
    element('caption', {}, 'Migration'),
    element(
      'thead',
      {},
      element('tr', {}, element('th', { scope: 'col' }, 'Step'), element('th', { scope: 'col' }, 'Rows')),
    ),
    element(
      'tbody',
      {},
      steps.map(({ text, rows }) =>
        element(
          'tr',
          {},
          element('td', {}, element('code', {}, text)),
          element('td', { class: 'number' }, rows === null ? '' : String(rows)),
        ),
      ),
    ),
  );
}

function impact(data: PlanSection['dataImpact']): HTMLElement | undefined {
  if (data === null || data.rows === 0) return undefined;
  const types = data.types.filter(({ rows }) => rows > 0).map(({ type, rows }) => `${type} ${rows}`);
  return element('p', { class: 'impact' }, `Data: ${data.rows} rows (${types.join(', ')})`);
}

/** Few are named at once; of many, the number says enough until someone asks. */
function dependents(affects: PlanSection['affects']): HTMLElement | undefined {
  if (affects.length === 0) return undefined;
  const names = affects.map((each): Child => [element('code', {}, each), ' ']);
  if (affects.length <= MOST_NAMED) return element('p', {}, 'Others depend on it: ', names);
  return element(
    'details',
    {},
    element('summary', {}, `${affects.length} others depend on it`),
    element('p', {}, names),
  );
}

const MOST_NAMED = 5;

function reveal({ uri, range }: NonNullable<PlanSection['place']>): void {
  const { start } = range as { readonly start: { readonly line: number } };
  host.postMessage({ type: 'reveal', uri, line: start.line });
}

const idOf = (address: string): string => `change-${address}`;

const shortDigest = (digest: string | null): string => (digest === null ? '∅' : digest.slice(0, 15));
