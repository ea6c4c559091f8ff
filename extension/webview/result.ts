/** The page of a query's result: the parameter form above, the answer as table, JSON or picture below. */
import type { RunnableParam, RunnableQuery } from 'omnigraph-language/editor';
import type { QueryOutcome, ResultMessage, RowsOutcome } from '../src/query/outcome.js';
import { button, element, host, onMessage } from './page.js';
import { drawPicture } from './picture.js';

type View = 'table' | 'json' | 'picture';

let view: View = 'table';

onMessage<ResultMessage>(({ query, values, target, outcome }, root) => {
  root.replaceChildren(
    element('h1', {}, query.name),
    query.description === undefined ? '' : element('p', { class: 'summary' }, query.description),
    form(query, values, target),
    element('section', { label: 'Result', class: 'result' }, ...answer(query, outcome)),
  );
});

function form({ params, mutation }: RunnableQuery, values: ResultMessage['values'], target: string): HTMLElement {
  const made = element(
    'form',
    { class: 'params', label: 'Parameters' },
    params.map((param) => field(param, values[param.name] ?? '')),
    element(
      'div',
      { class: 'toolbar' },
      element('button', { type: 'submit', class: 'primary' }, mutation ? 'Run Mutation…' : 'Run'),
      button(target, () => host.postMessage({ type: 'target' }), {
        class: 'link',
        title: 'Run against something else',
      }),
    ),
  );
  made.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(made)].map(([name, value]) => [name, String(value)]));
    host.postMessage({ type: 'run', values: given });
  });
  return made;
}

function field({ name, type, kind, nullable }: RunnableParam, value: string): HTMLElement {
  const id = `param-${name}`;
  const options = kind === 'bool' ? ['true', 'false'] : enumValues(type);
  const input =
    options.length > 0
      ? element(
          'select',
          { id, name },
          (nullable ? ['', ...options] : options).map((each) =>
            element('option', { value: each, selected: each === value }, each === '' ? 'null' : each),
          ),
        )
      : element('input', { id, name, value, type: 'text', placeholder: nullable ? 'null' : '', autocomplete: 'off' });
  return element(
    'div',
    { class: 'field' },
    element('label', { for: id }, `$${name}`),
    input,
    element('small', {}, type),
  );
}

/** `enum(a, b)?` → its values. */
function enumValues(type: string): readonly string[] {
  const open = type.startsWith('enum(') ? type.indexOf('(') : -1;
  return open === -1 ? [] : type.slice(open + 1, type.lastIndexOf(')')).split(', ');
}

function answer(query: RunnableQuery, outcome: QueryOutcome): readonly HTMLElement[] {
  switch (outcome.kind) {
    case 'form':
      return [element('p', { class: 'hint' }, 'Fill in the parameters, then run.')];
    case 'failed':
      return [element('p', { class: 'problem', role: 'alert' }, outcome.message)];
    case 'changed':
      return [
        element('p', { class: 'summary', role: 'status' }, `Done in ${outcome.milliseconds} ms`),
        element('pre', {}, outcome.json),
      ];
    case 'rows':
      return rowsView(query, outcome);
    default:
      return outcome satisfies never;
  }
}

function rowsView(query: RunnableQuery, outcome: RowsOutcome): readonly HTMLElement[] {
  const { rows, rowCount, milliseconds } = outcome;
  const body = element('div', { class: 'view', role: 'tabpanel' });
  const cut = rowCount > rows.length ? `, the first ${rows.length} shown` : '';
  const tabs = (['table', 'json', 'picture'] as const).map((each) =>
    button(TAB_NAMES[each], () => show(each), { role: 'tab', 'data-view': each }),
  );
  const show = (chosen: View): void => {
    view = chosen;
    for (const tab of tabs) tab.setAttribute('aria-selected', String(tab.dataset.view === chosen));
    body.replaceChildren();
    if (chosen === 'table') body.append(table(outcome));
    else if (chosen === 'json') body.append(element('pre', {}, outcome.json));
    else drawPicture(body, query, outcome);
  };
  // The picture measures its place, so it is drawn once it has one.
  requestAnimationFrame(() => show(view));
  return [
    element(
      'p',
      { class: 'summary', role: 'status' },
      `${rowCount} ${rowCount === 1 ? 'row' : 'rows'}${cut}, ${milliseconds} ms`,
    ),
    element(
      'div',
      { class: 'toolbar' },
      element('div', { role: 'tablist', label: 'View', class: 'tabs' }, tabs),
      button('Save JSON', () => host.postMessage({ type: 'save', format: 'json', content: outcome.json })),
      button('Save CSV', () => host.postMessage({ type: 'save', format: 'csv', content: csvOf(outcome) })),
    ),
    body,
  ];
}

const TAB_NAMES: Readonly<Record<View, string>> = { table: 'Table', json: 'JSON', picture: 'Picture' };

const table = ({ columns, rows }: RowsOutcome): HTMLElement =>
  element(
    'div',
    { class: 'scroll', tabindex: '0' },
    element(
      'table',
      { class: 'rows' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          columns.map((name) => element('th', { scope: 'col' }, name)),
        ),
      ),
      element(
        'tbody',
        {},
        rows.map((row) =>
          element(
            'tr',
            {},
            columns.map((name) => cell(row[name])),
          ),
        ),
      ),
    ),
  );

function cell(value: unknown): HTMLElement {
  if (value === null || value === undefined) return element('td', { class: 'null' }, 'null');
  if (typeof value === 'number') return element('td', { class: 'number' }, String(value));
  return element('td', {}, typeof value === 'string' ? value : JSON.stringify(value));
}

function csvOf({ columns, rows }: RowsOutcome): string {
  const quoted = (value: unknown): string => {
    const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns.map(quoted), ...rows.map((row) => columns.map((name) => quoted(row[name])))]
    .map((line) => `${line.join(',')}\n`)
    .join('');
}
