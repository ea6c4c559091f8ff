/** Enough to hide the latency of an object store, few enough not to be throttled by it. */
const AT_ONCE = 16;

/** Runs `task` on every item, a bounded number at once; results keep the order of the items. The first rejection wins. */
export async function mapConcurrently<A, B>(items: readonly A[], task: (item: A) => Promise<B>): Promise<readonly B[]> {
  const results: B[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(task))));
  }
  return results;
}
