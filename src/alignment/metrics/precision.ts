/**
 * Share of truly wrong pairs among the first `cuts` of a ranking, worst pair first. In [0, 1]; the chance level is the
 * share of wrong pairs of all. A cut beyond the end counts the whole ranking.
 *
 * @param truth whether the pair at each place of the ranking is wrong
 */
export function precisionAt(truth: readonly boolean[], cuts: readonly number[]): number[] {
  return cuts.map((cut) => {
    const first = truth.slice(0, cut);
    return first.length === 0 ? 0 : first.filter(Boolean).length / first.length;
  });
}

/**
 * Average precision of a ranking: the mean, over the wrong pairs, of the precision at their place (as scikit-learn
 * defines it for scores without ties). In [0, 1], 1 when all wrong pairs come first; the chance level is about their
 * share. 0 when none is wrong.
 */
export function averagePrecision(truth: readonly boolean[]): number {
  let [found, sum] = [0, 0];
  for (const [index, wrong] of truth.entries()) if (wrong) sum += ++found / (index + 1);
  return found === 0 ? 0 : sum / found;
}
