/**
 * Rank, from 1, of the best-placed of the `relevant` candidates: one more than the candidates with a greater score, or
 * with an equal score and a lower index. Equal scores thus give the rank of an honest shuffle instead of 1
 * (open_clip's metrics count ties the same way). O(N), nothing is sorted.
 */
export function bestRank(scores: Float32Array, relevant: ArrayLike<number>): number {
  let best = relevant[0] ?? 0;
  for (let i = 1; i < relevant.length; i++) {
    const candidate = relevant[i] ?? 0;
    const [score, leader] = [scores[candidate] ?? 0, scores[best] ?? 0];
    if (score > leader || (score === leader && candidate < best)) best = candidate;
  }
  return 1 + countAhead(scores, best);
}

/** How many candidates are ranked before this one; those of `ignored` (1 = ignored) are not counted. */
export function countAhead(scores: Float32Array, candidate: number, ignored?: Uint8Array): number {
  const own = scores[candidate] ?? 0;
  let ahead = 0;
  for (let other = 0; other < scores.length; other++) {
    if (ignored?.[other] === 1) continue;
    const score = scores[other] ?? 0;
    if (score > own || (score === own && other < candidate)) ahead++;
  }
  return ahead;
}
