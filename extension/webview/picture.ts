/** A result as nodes and links: one node per value of a returned variable, one link per traversal of the query. */
import cytoscape from 'cytoscape';
import type { RunnableQuery } from 'omnigraph-language/editor';
import type { RowsOutcome } from '../src/query/outcome.js';
import { element, themeColor } from './page.js';
import { pictureElements } from './picture-elements.js';

/** A picture of more is a blot. */
const MOST_ROWS = 300;

export function drawPicture(body: HTMLElement, { picture }: RunnableQuery, { rows }: RowsOutcome): void {
  const elements = pictureElements(picture, rows.slice(0, MOST_ROWS));
  if (elements.length === 0) {
    body.append(element('p', { class: 'hint' }, 'The query returns nothing that is a node: there is no picture.'));
    return;
  }
  const canvas = element('div', { class: 'canvas', role: 'img', label: `${elements.length} nodes and links` });
  const detail = element('pre', { class: 'inspector', 'aria-live': 'polite' });
  body.append(
    element('template', { id: '__________cytoscape_stylesheet' }),
    element('div', { class: 'split' }, canvas, detail),
  );
  const view = cytoscape({ container: canvas, elements, style: styleOf(picture), layout: LAYOUT, maxZoom: 3 });
  view.on('tap', 'node', ({ target }) => {
    detail.textContent = JSON.stringify((target as cytoscape.NodeSingular).data('properties'), null, 2);
  });
}

const LAYOUT = {
  name: 'cose',
  animate: false,
  padding: 24,
  nodeRepulsion: () => 60_000,
  idealEdgeLength: () => 90,
} as cytoscape.LayoutOptions;

const PALETTE = ['blue', 'green', 'orange', 'purple', 'red', 'yellow'];

function styleOf({ nodes }: RunnableQuery['picture']): cytoscape.StylesheetJson {
  const text = themeColor('--vscode-editor-foreground', '#222222');
  const line = themeColor('--vscode-editorIndentGuide-activeBackground1', '#888888');
  const types = [...new Set(nodes.map(({ typeName }) => typeName))];
  return [
    {
      selector: 'node',
      style: {
        label: 'data(label)',
        'font-size': 10,
        color: text,
        'text-valign': 'bottom',
        'text-margin-y': 4,
        width: 22,
        height: 22,
        'background-color': line,
      },
    },
    ...types.map((typeName, at) => ({
      selector: `node[typeName = ${JSON.stringify(typeName)}]`,
      style: { 'background-color': themeColor(`--vscode-charts-${PALETTE[at % PALETTE.length]}`, '#3b82c4') },
    })),
    {
      selector: 'edge',
      style: {
        label: 'data(label)',
        'font-size': 8,
        color: text,
        'line-color': line,
        'target-arrow-color': line,
        'curve-style': 'bezier',
        width: 1.2,
      },
    },
    { selector: 'edge.directed', style: { 'target-arrow-shape': 'triangle' } },
  ] as cytoscape.StylesheetJson;
}
