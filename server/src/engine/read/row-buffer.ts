import { MAX_BINDING_ROWS, refuseTooManyRows } from './bindings.js';

/** A growing array of row numbers, so that inner loops append without boxing. */
export class RowBuffer {
  #rows = new Uint32Array(64);
  length = 0;

  push(row: number): void {
    if (this.length === this.#rows.length) this.#grow();
    this.#rows[this.length++] = row;
  }

  toArray(): Uint32Array {
    return this.#rows.slice(0, this.length);
  }

  #grow(): void {
    refuseTooManyRows(this.length + 1);
    const larger = new Uint32Array(Math.min(this.#rows.length * 2, MAX_BINDING_ROWS));
    larger.set(this.#rows);
    this.#rows = larger;
  }
}
