/**
 * Average precision of one query: the mean, over its matches, of the share of matches among the candidates up to there;
 * NaN without any match. Equal scores stand in the order of their index.
 */
export function precision(scores: Float32Array, isMatch: (candidate: number) => boolean): number {
  const matches: number[] = [];
  const rest: number[] = [];
  for (let candidate = 0; candidate < scores.length; candidate++) (isMatch(candidate) ? matches : rest).push(candidate);
  matches.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const between = new Uint32Array(matches.length + 1);
  for (const candidate of rest) {
    const place = countMatchesAhead(scores, matches, candidate);
    between[place] = (between[place] ?? 0) + 1;
  }
  let [sum, others] = [0, 0];
  for (const place of matches.keys()) {
    others += between[place] ?? 0;
    sum += (place + 1) / (place + 1 + others);
  }
  return sum / matches.length;
}

/** By bisection: `matches` are in the order of their rank. */
function countMatchesAhead(scores: Float32Array, matches: readonly number[], candidate: number): number {
  const own = scores[candidate] ?? 0;
  let [low, high] = [0, matches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const match = matches[middle] ?? 0;
    const score = scores[match] ?? 0;
    if (score > own || (score === own && match < candidate)) low = middle + 1;
    else high = middle;
  }
  return low;
}
