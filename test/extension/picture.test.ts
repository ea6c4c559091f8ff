import { expect, test } from 'vitest';
import { pictureElements } from '../../extension/webview/picture-elements.js';

const picture = {
  nodes: [
    { variable: 's', typeName: 'Ship', columns: ['s.imo', 's.name'] },
    { variable: 'h', typeName: 'Harbor', columns: ['h.code'] },
  ],
  links: [{ from: 's', to: 'h', edge: 'CallsAt', directed: true }],
};

const idsOf = (rows: readonly Readonly<Record<string, unknown>>[], shown = picture): readonly string[] =>
  pictureElements(shown, rows).map(({ data }) => String(data.id));

test('equal values are one node, and a link joins what one row has together', () => {
  const rows = [
    { 's.imo': '1', 's.name': 'Ada', 'h.code': 'RTM' },
    { 's.imo': '1', 's.name': 'Ada', 'h.code': 'HAM' },
  ];
  expect(idsOf(rows)).toEqual([
    'Ship ["1","Ada"]',
    'Harbor ["RTM"]',
    'CallsAt Ship ["1","Ada"] Harbor ["RTM"]',
    'Harbor ["HAM"]',
    'CallsAt Ship ["1","Ada"] Harbor ["HAM"]',
  ]);
});

test('a row without values for a variable draws neither node nor link', () => {
  expect(idsOf([{ 's.imo': '1', 's.name': 'Ada', 'h.code': null }])).toEqual(['Ship ["1","Ada"]']);
});

test('a variable that the query returns nothing of is one node for all rows', () => {
  const unreturned = {
    ...picture,
    nodes: [{ variable: 's', typeName: 'Ship', columns: [] }, ...picture.nodes.slice(1)],
  };
  expect(idsOf([{ 'h.code': 'RTM' }, { 'h.code': 'HAM' }], unreturned).filter((id) => id.startsWith('Ship'))).toEqual([
    'Ship "s"',
  ]);
});

test('labels are short and readable', () => {
  const [node] = pictureElements(picture, [{ 's.imo': 'x'.repeat(40), 's.name': 'Ada', 'h.code': 'RTM' }]);
  expect(node?.data.label).toBe(`${'x'.repeat(27)}…`);
});
