/** The page of "who may do what": actors down, actions across, each cell with the rule that decides. */
import type { MatrixActor, MatrixCell, PolicyMatrix } from 'omnigraph-language/editor';
import { element, onMessage } from './page.js';

onMessage<PolicyMatrix>(({ protectedBranches, actors, actions, problem }, root) => {
  if (problem !== null) {
    root.replaceChildren(element('p', { class: 'problem', role: 'alert' }, problem));
    return;
  }
  const columns = actions.flatMap(({ action, classes }) => classes.map((branch) => ({ action, branch })));
  root.replaceChildren(
    element('h1', {}, 'Who may do what'),
    element(
      'p',
      { class: 'summary' },
      protectedBranches.length === 0
        ? 'No branch is protected.'
        : `Protected branches: ${protectedBranches.join(', ')}. Whoever is not listed may do nothing.`,
    ),
    element(
      'div',
      { class: 'scroll', tabindex: '0' },
      element(
        'table',
        { class: 'rows matrix' },
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('th', { scope: 'col' }, 'Actor'),
            columns.map(({ action, branch }) =>
              element(
                'th',
                { scope: 'col' },
                action,
                element('div', {}, element('small', {}, branch === 'none' ? 'no branch' : branch)),
              ),
            ),
          ),
        ),
        element('tbody', {}, actors.map(row)),
      ),
    ),
  );
});

const row = ({ actor, groups, cells }: MatrixActor): HTMLElement =>
  element(
    'tr',
    {},
    element('th', { scope: 'row' }, actor, element('div', {}, element('small', {}, groups.join(', ')))),
    cells.map(cell),
  );

const cell = ({ allowed, rule }: MatrixCell): HTMLElement =>
  element(
    'td',
    { class: allowed ? 'allow' : 'deny', title: rule === null ? 'no rule permits it' : `by rule ${rule}` },
    allowed ? '✓ ' : 'no',
    rule === null ? undefined : element('small', {}, rule),
  );
