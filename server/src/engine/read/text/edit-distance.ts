/** Whether two terms differ by at most `limit` insertions, deletions or substitutions of a character (Levenshtein). */
export function isWithinEdits(left: string, right: string, limit: number): boolean {
  const a = [...left];
  const b = [...right];
  if (Math.abs(a.length - b.length) > limit) return false;
  let previous = b.map((_, at) => at + 1);
  for (let row = 0; row < a.length; row++) {
    const current: number[] = [];
    let best = row + 1;
    for (let at = 0; at < b.length; at++) {
      const before = at === 0 ? row + 1 : (current[at - 1] as number);
      const above = previous[at] as number;
      const diagonal = at === 0 ? row : (previous[at - 1] as number);
      const distance = Math.min(before + 1, above + 1, diagonal + (a[row] === b[at] ? 0 : 1));
      current.push(distance);
      best = Math.min(best, distance);
    }
    if (best > limit) return false;
    previous = current;
  }
  return (previous.at(-1) ?? a.length) <= limit;
}
