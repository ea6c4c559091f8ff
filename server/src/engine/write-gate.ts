/**
 * What all handles of one graph in this process share: one writer at a time, whether a schema apply runs, and the one
 * export slot (engine.md §§6, 9, 17). Across processes correctness rests on the commit log alone.
 */
export class WriteGate {
  #tail: Promise<unknown> = Promise.resolve();
  schemaApplyRunning = false;
  exportRunning = false;

  /** Runs `work` after everything asked before it has ended, whatever its outcome. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}

const gates = new Map<string, WriteGate>();

/** The gate of the graph at a location (`ObjectStore.location`). */
export function writeGateOf(location: string): WriteGate {
  const gate = gates.get(location) ?? new WriteGate();
  gates.set(location, gate);
  return gate;
}
