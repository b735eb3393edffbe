import { mean, median } from '../base/statistics.ts';

/** Where the best match of one query stands. */
export interface RankedQuery {
  /** 1 is best. */
  readonly rank: number;
  /** How many items were ranked. */
  readonly candidates: number;
  /** How many of them are a match. */
  readonly relevant: number;
}

/** Numbers about ranks: shares of queries with a match among the first k, and means over the queries. */
export interface RetrievalNumbers {
  readonly recall1: number;
  readonly recall5: number;
  readonly recall10: number;
  readonly medianRank: number;
  readonly meanRank: number;
  readonly meanReciprocalRank: number;
}

/** Share of queries with a match among the first 1, 5 and 10, the middle rank, and the mean of 1 / rank. */
export function summarizeRanks(ranked: readonly RankedQuery[]): RetrievalNumbers {
  const ranks = ranked.map(({ rank }) => rank);
  const recall = (k: number): number => mean(ranks.map((rank) => Number(rank <= k)));
  return {
    recall1: recall(1),
    recall5: recall(5),
    recall10: recall(10),
    medianRank: Math.floor(median(ranks) ?? 0),
    meanRank: mean(ranks),
    meanReciprocalRank: mean(ranks.map((rank) => 1 / rank)),
  };
}

/**
 * What a random order of the candidates would give, exactly. With R matches among N candidates the best of them stands
 * behind rank r with probability C(N − R, r) / C(N, r); averaged over the queries. For R = 1 these are k / N,
 * (N + 1) / 2 and H_N / N.
 */
export function chanceLevels(ranked: readonly RankedQuery[]): RetrievalNumbers {
  const within = chanceOfRanks(ranked);
  const at = (rank: number): number => within[Math.min(rank, within.length) - 1] ?? 0;
  let [meanRank, meanReciprocalRank] = [0, 0];
  for (const [index, share] of within.entries()) {
    const probability = share - (within[index - 1] ?? 0);
    meanRank += probability * (index + 1);
    meanReciprocalRank += probability / (index + 1);
  }
  const recalls = { recall1: at(1), recall5: at(5), recall10: at(10) };
  return { ...recalls, medianRank: middleRank(within), meanRank, meanReciprocalRank };
}

/**
 * The average precision of a random order of `candidates` of which R ≥ 1 are matches, exactly. A match at rank r has
 * (r − 1)(R − 1)/(N − 1) others before it on average; summed over the ranks, with share = (R − 1)/(N − 1), that gives
 * share + (1 − share) H_N / N.
 */
export function chanceOfPrecision(relevant: number, candidates: number): number {
  let harmonic = 0;
  for (let rank = 1; rank <= candidates; rank++) harmonic += 1 / rank;
  const share = candidates > 1 ? (relevant - 1) / (candidates - 1) : 1;
  return share + ((1 - share) * harmonic) / candidates;
}

/** Element r − 1 is the probability that a random order places the best match at rank r or before. */
export function chanceOfRanks(ranked: readonly RankedQuery[]): Float64Array {
  const kinds = new Map<string, { query: RankedQuery; count: number }>();
  for (const query of ranked) {
    const name = `${query.candidates} ${query.relevant}`;
    const kind = kinds.get(name);
    kinds.set(name, { query, count: (kind?.count ?? 0) + 1 });
  }
  const within = new Float64Array(ranked.reduce((most, { candidates }) => Math.max(most, candidates), 1));
  for (const { query, count } of kinds.values()) {
    let behind = 1;
    for (let rank = 1; rank <= within.length; rank++) {
      const left = query.candidates - rank + 1;
      behind = left <= query.relevant ? 0 : behind * (1 - query.relevant / left);
      within[rank - 1] = (within[rank - 1] ?? 0) + ((1 - behind) * count) / ranked.length;
    }
  }
  return within;
}

/** The rank that half of the probability lies before; between two ranks when exactly half lies up to the first. */
function middleRank(within: Float64Array): number {
  const tolerance = 1e-9;
  const first = within.findIndex((share) => share >= 0.5 - tolerance) + 1;
  return Math.abs((within[first - 1] ?? 0) - 0.5) < tolerance ? first + 0.5 : first;
}
