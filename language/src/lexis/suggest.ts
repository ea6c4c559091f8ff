/** "Did you mean": the candidate a typing slip away from a word, if there is one. */

/** The nearest candidate: another case, or within a third of the word's length in edits (words of three and more). */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.floor(word.length / 3);
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > limit) continue;
    const distance = candidate.toLowerCase() === word.toLowerCase() ? 0 : editDistance(word, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `did you mean …?` as a remedy to spread into a diagnostic. */
export function suggestion(word: string, candidates: Iterable<string>): { readonly remedy?: string } {
  const near = nearest(word, candidates);
  return near === undefined ? {} : { remedy: `did you mean \`${near}\`?` };
}

/** Insertions, deletions, changes, and swaps of neighbours. Stops counting at `giveUp`. */
function editDistance(left: string, right: string, giveUp: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      const cost = Math.min(
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : giveUp,
      );
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > giveUp) return giveUp;
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? giveUp;
}
