/**
 * A sum of doubles that does not depend on the order of its terms, so that plans and compactions cannot change a
 * result. J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic …", 1997: non-overlapping partial sums.
 */
export class ExactSum {
  readonly #partials: number[] = [];
  /** Decides alone once the sum has left the range of doubles. */
  #plain = 0;

  /** Adds `value` × `times`; `times` is a whole number. */
  add(value: number, times: number): void {
    this.#plain += value * times;
    if (times === 1) {
      this.#addTerm(value);
      return;
    }
    const { product, error } = exactProduct(value, times);
    this.#addTerm(product);
    if (error !== 0) this.#addTerm(error);
  }

  /** The sum, rounded once. */
  get value(): number {
    if (!Number.isFinite(this.#plain)) return this.#plain;
    let high = 0;
    let low = 0;
    let at = this.#partials.length;
    while (at > 0 && low === 0) {
      const term = this.#partials[--at] as number;
      const sum = high + term;
      low = term - (sum - high);
      high = sum;
    }
    // Half-way cases round by the sign of what remains below.
    const below = at > 0 ? (this.#partials[at - 1] as number) : 0;
    if ((low < 0 && below < 0) || (low > 0 && below > 0)) {
      const doubled = low * 2;
      if (high + doubled - high === doubled) return high + doubled;
    }
    return high;
  }

  #addTerm(term: number): void {
    const partials = this.#partials;
    let carried = term;
    let kept = 0;
    for (let at = 0; at < partials.length; at++) {
      const partial = partials[at] as number;
      const carriedIsLarger = Math.abs(carried) >= Math.abs(partial);
      const sum = carried + partial;
      const error = carriedIsLarger ? partial - (sum - carried) : carried - (sum - partial);
      if (error !== 0) partials[kept++] = error;
      carried = sum;
    }
    partials[kept++] = carried;
    partials.length = kept;
  }
}

/** Veltkamp's split and Dekker's product: value × times without losing a bit, short of overflow. */
function exactProduct(value: number, times: number): { readonly product: number; readonly error: number } {
  const product = value * times;
  const [a, b] = split(value);
  const [c, d] = split(times);
  const error = a * c - product + a * d + b * c + b * d;
  return { product, error: Number.isFinite(error) ? error : 0 };
}

function split(value: number): readonly [number, number] {
  const scaled = value * 134_217_729;
  const high = scaled - (scaled - value);
  return [high, value - high];
}
