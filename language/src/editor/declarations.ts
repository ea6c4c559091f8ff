/** Which declaration of a `.pg` or `.gq` document a point of its text belongs to. */
import type { Span } from '../lexis/index.js';

interface Declared<D extends Span> {
  readonly compiled: { readonly declarations: readonly D[] };
}

/** The last declaration that begins before a point; what follows a body belongs to none. */
export function declarationBefore<D extends Span>(
  { compiled: { declarations } }: Declared<D>,
  offset: number,
): D | undefined {
  // Binary search: declarations are in file order.
  let low = 0;
  let high = declarations.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const declaration = declarations[middle];
    if (declaration !== undefined && declaration.offset < offset) low = middle + 1;
    else high = middle;
  }
  return declarations[low - 1];
}

/** The declaration a point lies in or touches. */
export function declarationAt<D extends Span>(document: Declared<D>, offset: number): D | undefined {
  const found = declarationBefore(document, offset + 1);
  return found !== undefined && offset <= found.offset + found.length ? found : undefined;
}
