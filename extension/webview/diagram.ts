/** The page of the schema diagram: drag, zoom, search, focus on a type, and export. */
import cytoscape from 'cytoscape';
import type { DiagramNode, SchemaDiagram } from 'omnigraph-language/editor';
import { button, element, host, onMessage, themeColor } from './page.js';

let drawn: { readonly view: cytoscape.Core; readonly shape: string } | undefined;

onMessage<SchemaDiagram>((diagram, root) => {
  const canvas = element('div', { class: 'canvas', role: 'img', label: summary(diagram), tabindex: '0' });
  const detail = element('aside', { class: 'inspector', 'aria-live': 'polite' }, hint());
  const kept = drawn?.shape === shapeOf(diagram) ? positionsOf(drawn.view) : undefined;
  drawn?.view.destroy();
  // Cytoscape would add a style element of its own, which the page's policy forbids; panel.css has its one rule.
  const styled = element('template', { id: '__________cytoscape_stylesheet' });
  const search = element('input', { type: 'search', placeholder: 'Find a type', label: 'Find a type' });
  root.replaceChildren(
    styled,
    element(
      'div',
      { class: 'toolbar', role: 'toolbar', label: 'Diagram' },
      search,
      button('Fit', () => drawn?.view.fit(undefined, 30)),
      button('Lay Out', () => layOut()),
      button('PNG', () => exportPng()),
      button('Mermaid', () => host.postMessage({ type: 'export', format: 'mermaid', content: mermaidOf(diagram) })),
      button('JSON', () =>
        host.postMessage({ type: 'export', format: 'json', content: `${JSON.stringify(diagram, null, 2)}\n` }),
      ),
      element('span', { class: 'summary' }, summary(diagram)),
    ),
    element('div', { class: 'split' }, canvas, detail),
    textVersion(diagram),
  );
  document.body.classList.add('fills');
  const view = cytoscape({
    container: canvas,
    elements: elementsOf(diagram),
    style: styleOf(),
    layout: kept === undefined ? { name: 'cose', ...LAYOUT } : { name: 'preset', positions: kept },
    minZoom: 0.1,
    maxZoom: 4,
  });
  drawn = { view, shape: shapeOf(diagram) };
  view.on('tap', 'node', ({ target }) => focus(target as cytoscape.NodeSingular, diagram, detail));
  view.on('dbltap', 'node', ({ target }) => {
    const found = diagram.nodes.find(({ name }) => name === (target as cytoscape.NodeSingular).id());
    if (found?.line !== undefined) host.postMessage({ type: 'reveal', line: found.line });
  });
  view.on('tap', ({ target }) => {
    if (target !== view) return;
    view.elements().removeClass('faded');
    detail.replaceChildren(hint());
  });
  search.addEventListener('input', () => {
    const text = search.value.trim().toLowerCase();
    view.nodes().forEach((node) => {
      node.toggleClass('faded', text !== '' && !node.id().toLowerCase().includes(text));
    });
  });
});

const LAYOUT = {
  animate: false,
  nodeRepulsion: () => 12_000,
  idealEdgeLength: () => 50,
  nodeOverlap: 12,
  componentSpacing: 40,
  padding: 12,
  randomize: true,
};

function layOut(): void {
  drawn?.view.layout({ name: 'cose', ...LAYOUT }).run();
}

function exportPng(): void {
  const content = drawn?.view.png({ full: true, scale: 2, bg: themeColor('--vscode-editor-background', '#ffffff') });
  if (content !== undefined) host.postMessage({ type: 'export', format: 'png', content });
}

function elementsOf({ nodes, edges }: SchemaDiagram): cytoscape.ElementDefinition[] {
  return [
    ...nodes.map(({ name, kind, properties }) => ({
      data: { id: name, label: boxText(name, kind, properties) },
      classes: kind,
    })),
    ...edges.map(({ name, from, to, cardinality }) => ({
      data: {
        id: `edge ${name}`,
        source: from,
        target: to,
        label: cardinality === '0..*' ? name : `${name} ${cardinality}`,
      },
    })),
    ...nodes.flatMap(({ name, implements: interfaces }) =>
      interfaces
        .filter((each) => nodes.some((node) => node.name === each))
        .map((each) => ({
          data: { id: `implements ${name} ${each}`, source: name, target: each, label: '' },
          classes: 'implements',
        })),
    ),
  ];
}

/** The inspector has them all. */
const MOST_PROPERTIES = 3;

function boxText(name: string, kind: string, properties: DiagramNode['properties']): string {
  const shown = [...properties].sort((left, right) => Number(right.key) - Number(left.key)).slice(0, MOST_PROPERTIES);
  const lines = shown.map((property) => `${property.key ? '◆ ' : ''}${property.name}: ${shortened(property.type)}`);
  const more = properties.length > shown.length ? [`+ ${properties.length - shown.length} more`] : [];
  return [kind === 'interface' ? `«${name}»` : name, '', ...lines, ...more].join('\n');
}

const shortened = (type: string): string => (type.startsWith('enum(') ? type.replace(/\(.*\)/, '') : type);

function styleOf(): cytoscape.StylesheetJson {
  const text = themeColor('--vscode-editor-foreground', '#222222');
  const line = themeColor('--vscode-editorIndentGuide-activeBackground1', '#888888');
  const box = themeColor('--vscode-editorWidget-background', '#f5f5f5');
  const border = themeColor('--vscode-charts-blue', '#0b62a8');
  const accent = themeColor('--vscode-charts-purple', '#7a4fb5');
  const font = themeColor('--vscode-font-family', 'sans-serif');
  return [
    {
      selector: 'node',
      style: {
        shape: 'round-rectangle',
        label: 'data(label)',
        'text-wrap': 'wrap',
        'text-valign': 'center',
        'text-halign': 'center',
        'text-justification': 'left',
        'font-size': 11,
        'font-family': font,
        color: text,
        'background-color': box,
        'border-color': border,
        'border-width': 1.5,
        width: 'label',
        height: 'label',
        padding: '10px',
      },
    },
    { selector: 'node.interface', style: { 'border-style': 'dashed', 'border-color': accent } },
    {
      selector: 'edge',
      style: {
        label: 'data(label)',
        'font-size': 10,
        'font-family': font,
        color: text,
        'text-background-color': themeColor('--vscode-editor-background', '#ffffff'),
        'text-background-opacity': 0.85,
        'text-background-padding': '2px',
        'line-color': line,
        'target-arrow-color': line,
        'target-arrow-shape': 'triangle',
        'curve-style': 'bezier',
        width: 1.4,
      },
    },
    {
      selector: 'edge.implements',
      style: {
        'line-style': 'dashed',
        'line-color': accent,
        'target-arrow-color': accent,
        'target-arrow-shape': 'vee',
      },
    },
    { selector: '.faded', style: { opacity: 0.15 } },
  ] as cytoscape.StylesheetJson;
}

function focus(node: cytoscape.NodeSingular, { nodes, edges }: SchemaDiagram, detail: HTMLElement): void {
  drawn?.view.elements().addClass('faded');
  node.closedNeighborhood().removeClass('faded');
  const found = nodes.find(({ name }) => name === node.id());
  if (found === undefined) return;
  const { name, properties, line } = found;
  const around = edges.filter(({ from, to }) => from === name || to === name);
  detail.replaceChildren(
    element('h2', {}, name),
    element(
      'table',
      {},
      element(
        'tbody',
        {},
        properties.map(({ name: property, type, key }) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, `${key ? '◆ ' : ''}${property}`),
            element('td', {}, element('code', {}, type)),
          ),
        ),
      ),
    ),
    element(
      'ul',
      {},
      around.map((edge) => element('li', {}, `${edge.name}: ${edge.from} → ${edge.to} (${edge.cardinality})`)),
    ),
    ...(line === undefined
      ? []
      : [button('Show in the schema', () => host.postMessage({ type: 'reveal', line }), { class: 'link' })]),
  );
}

const hint = (): HTMLElement =>
  element('p', { class: 'hint' }, 'Click a type for its properties; double-click to go to it.');

/** The same for those who cannot see the picture. */
const textVersion = ({ nodes, edges }: SchemaDiagram): HTMLElement =>
  element(
    'section',
    { class: 'visually-hidden', label: 'The schema as text' },
    element(
      'ul',
      {},
      nodes.map(({ name, properties }) =>
        element('li', {}, `${name}: ${properties.map((each) => each.name).join(', ')}`),
      ),
    ),
    element(
      'ul',
      {},
      edges.map(({ name, from, to }) => element('li', {}, `${name} from ${from} to ${to}`)),
    ),
  );

const summary = ({ nodes, edges }: SchemaDiagram): string => `${nodes.length} types, ${edges.length} edges`;

/** A diagram with the same types keeps its places while properties are edited. */
const shapeOf = ({ nodes }: SchemaDiagram): string => JSON.stringify(nodes.map(({ name }) => name));

function positionsOf(view: cytoscape.Core): Record<string, cytoscape.Position> {
  return Object.fromEntries(view.nodes().map((node) => [node.id(), { ...node.position() }]));
}

function mermaidOf({ nodes, edges }: SchemaDiagram): string {
  const word = (text: string): string => text.replace(/[^A-Za-z0-9_]+/g, '_');
  return [
    'classDiagram',
    ...nodes.flatMap(({ name, kind, properties, implements: interfaces }) => [
      `  class ${name} {`,
      ...(kind === 'interface' ? ['    <<interface>>'] : []),
      ...properties.map((property) => `    ${word(property.type)} ${property.name}`),
      '  }',
      ...interfaces.map((each) => `  ${each} <|.. ${name}`),
    ]),
    ...edges.map(({ name, from, to, cardinality }) => `  ${from} --> "${cardinality}" ${to} : ${name}`),
    '',
  ].join('\n');
}
