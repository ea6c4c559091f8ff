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

function editDistance(left: string, right: string, giveUp: number): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= right.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      const cost = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      next.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= giveUp) return giveUp;
    row = next;
  }
  return row[right.length] ?? giveUp;
}
