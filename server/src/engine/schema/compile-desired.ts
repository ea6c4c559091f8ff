/** Schema text from outside → a catalog, or the refusal that names what is wrong with it. */
import { type Catalog, compileSchema, headline, isError } from 'omnigraph-language';
import { GraphError } from '../graph-error.js';

/** Throws `bad_request` with the first error of the text. */
export function compileOrRefuse(source: string): Catalog {
  const { catalog, diagnostics } = compileSchema(source);
  const first = diagnostics.find(isError);
  if (first !== undefined) {
    const line = first.range === undefined ? '' : `line ${first.range.start.line + 1}: `;
    throw new GraphError('bad_request', `${line}${headline(first)}`);
  }
  if (catalog === undefined) throw new Error('a schema without errors has a catalog');
  return catalog;
}
