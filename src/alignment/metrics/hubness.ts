import type { Measured } from './measured.ts';

export interface Hubness {
  /** Third standardised moment of how often an item is among the nearest. */
  readonly skewness: number;
  /** Share of items that are nobody's neighbour. */
  readonly antihubs: number;
  readonly largestHub: { readonly item: number; readonly occurrences: number };
  /** The same for neighbours drawn at random. */
  readonly chance: { readonly skewness: number; readonly antihubs: number; readonly largestHub: number };
}

/**
 * Whether a few items are the nearest neighbours of very many: statistics of the k-occurrences N_k, how often an item is
 * in the list of the k nearest of a query (Radovanović et al., "Hubs in Space", JMLR 2010). A skewness far above chance
 * means that retrieval favours some items whatever is asked. Skewness has no bounds, 0 is even and lower is better;
 * anti-hubs are in [0, 1]. Grows with the dimension and with N. By chance N_k is binomial with probability k / items;
 * the largest of them is taken for independent items. O(queries · k).
 *
 * @param neighbours queries × k indices of items, row after row, each list without repetition
 */
export function hubness(neighbours: Uint32Array, k: number, items: number): Measured<Hubness> {
  const queries = neighbours.length / k;
  if (!(queries > 0 && items > 0)) return { reason: 'There are no lists of neighbours to look at.' };
  const counts = new Uint32Array(items);
  for (const item of neighbours) counts[item] = (counts[item] ?? 0) + 1;
  let item = 0;
  for (let other = 1; other < items; other++) if ((counts[other] ?? 0) > (counts[item] ?? 0)) item = other;
  return {
    skewness: skewnessOf(counts),
    antihubs: counts.filter((count) => count === 0).length / items,
    largestHub: { item, occurrences: counts[item] ?? 0 },
    chance: binomialLevels(queries, Math.min(1, k / items), items),
  };
}

/** 0 when all counts are equal. */
function skewnessOf(counts: Uint32Array): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const moment = (power: number): number =>
    counts.reduce((sum, count) => sum + (count - mean) ** power, 0) / counts.length;
  return moment(2) === 0 ? 0 : moment(3) / moment(2) ** 1.5;
}

/** Skewness, probability of none, and expected largest of `items` binomial counts of n trials. */
function binomialLevels(n: number, p: number, items: number): Hubness['chance'] {
  if (p === 1) return { skewness: 0, antihubs: 0, largestHub: n };
  let logProbability = n * Math.log1p(-p);
  let [below, largestHub] = [0, 0];
  for (let count = 0; count < n; count++) {
    below = Math.min(1, below + Math.exp(logProbability));
    largestHub += 1 - below ** items;
    logProbability += Math.log(((n - count) / (count + 1)) * (p / (1 - p)));
  }
  return { skewness: (1 - 2 * p) / Math.sqrt(n * p * (1 - p)), antihubs: (1 - p) ** n, largestHub };
}
