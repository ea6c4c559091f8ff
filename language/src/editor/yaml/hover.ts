/** Explaining a key or value of a YAML document from the table of its shape. */
import type { ConfigPath } from '../../cluster/index.js';
import { keyAt, namedAt, shapesAt, type YamlShape } from './shape.js';

/** Markdown about the entry at a path; `undefined` for something the table does not know. */
export function describeEntry(root: YamlShape, path: ConfigPath): string | undefined {
  const key = keyAt(root, path);
  if (key !== undefined) {
    const facts = [
      key.type,
      key.required ? 'required' : key.default === undefined ? 'optional' : `default \`${key.default}\``,
    ];
    const alias = key.alias === undefined ? '' : `\n\nAnother name of \`${key.alias}\`.`;
    return `**\`${String(path.at(-1))}\`** · ${facts.join(', ')}\n\n${key.doc}${alias}`;
  }
  const named = namedAt(root, path);
  return named && `**\`${String(path.at(-1))}\`** · ${named.what}\n\n${named.doc}`;
}

/** What one of a closed set of values means; `undefined` for any other value. */
export function describeValue(root: YamlShape, path: ConfigPath, value: string): string | undefined {
  for (const shape of shapesAt(root, path)) {
    const found = shape.kind === 'scalar' ? shape.values?.find((each) => each.value === value) : undefined;
    if (found !== undefined) return `**\`${value}\`**\n\n${found.doc}`;
  }
  return undefined;
}
