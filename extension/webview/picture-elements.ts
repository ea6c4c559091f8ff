/** Rows of a result as nodes and links. Pure. */
import type { ElementDefinition } from 'cytoscape';
import type { RunnableQuery } from 'omnigraph-language/editor';

type Row = Readonly<Record<string, unknown>>;

/** Equal values of a variable's columns are one node; a variable that returns nothing is one node for all rows. */
export function pictureElements({ nodes, links }: RunnableQuery['picture'], rows: readonly Row[]): ElementDefinition[] {
  const made = new Map<string, ElementDefinition>();
  for (const row of rows) {
    const ids = new Map<string, string>();
    for (const { variable, typeName, columns } of nodes) {
      const values = columns.map((column) => row[column]);
      if (columns.length > 0 && values.every((value) => value === null || value === undefined)) continue;
      const id = `${typeName} ${JSON.stringify(columns.length === 0 ? variable : values)}`;
      ids.set(variable, id);
      if (made.has(id)) continue;
      const properties = Object.fromEntries(columns.map((column, at) => [column, values[at]]));
      made.set(id, { data: { id, label: labelOf(values, variable, typeName), typeName, properties } });
    }
    for (const { from, to, edge, directed } of links) {
      const [source, target] = [ids.get(from), ids.get(to)];
      if (source === undefined || target === undefined) continue;
      const id = `${edge} ${source} ${target}`;
      made.set(id, { data: { id, source, target, label: edge }, classes: directed ? 'directed' : '' });
    }
  }
  return [...made.values()];
}

function labelOf(values: readonly unknown[], variable: string, typeName: string): string {
  const text = values.find((value) => typeof value === 'string' || typeof value === 'number');
  const label = text === undefined ? (values.length === 0 ? `$${variable}` : typeName) : String(text);
  return label.length > 28 ? `${label.slice(0, 27)}…` : label;
}
