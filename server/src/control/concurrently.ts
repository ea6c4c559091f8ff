/** Enough to hide the latency of an object store, few enough not to be throttled by it. */
const AT_ONCE = 16;

/** Runs `task` on every item, a bounded number at once; results keep the order of the items. The first rejection wins. */
export function mapConcurrently<A, B>(items: readonly A[], task: (item: A) => Promise<B>): Promise<readonly B[]> {
  const inTurn = atMost(AT_ONCE);
  return Promise.all(items.map((item) => inTurn(() => task(item))));
}

/** Runs tasks as soon as fewer than `limit` of them are under way, in the order they were given. */
export function atMost(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= limit) await new Promise<void>((start) => waiting.push(start));
    else running += 1;
    try {
      return await task();
    } finally {
      // Whoever waits takes over the place, so that nobody can slip in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
