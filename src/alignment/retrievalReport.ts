import { interval95, mean } from '../base/statistics.ts';
import type { Measured as MeasuredMetric, Metric, Modality, Retrieval, RetrievalName } from '../protocol.ts';
import { bootstrapMean, bootstrapMedian } from './metrics/bootstrap.ts';
import { isMeasured, type Measured } from './metrics/measured.ts';
import type { Precisions } from './precisions.ts';
import { chanceLevels, chanceOfRanks, type RankedQuery, type RetrievalNumbers, summarizeRanks } from './retrieval.ts';

/** Above so many queries a mean is as good as normal, and resampling it a thousand times only costs time. */
const MOST_RESAMPLED = 2000;

export interface RetrievalInput {
  readonly from: Modality;
  readonly to: Modality;
  readonly ranked: readonly RankedQuery[];
  /** Average precision of some queries, where a match is any item of the class; absent while it is not measured yet. */
  readonly precisions?: Measured<Precisions> | undefined;
  readonly seed: number;
}

/** The numbers of one direction with their intervals and chance levels, and where the best matches stand. */
export function retrievalReport({ from, to, ranked, precisions, seed }: RetrievalInput): Retrieval {
  const ranks = ranked.map(({ rank }) => rank);
  const [found, chance] = [summarizeRanks(ranked), chanceLevels(ranked)];
  const measure = (name: keyof RetrievalNumbers, values: readonly number[]): Metric => ({
    value: found[name],
    ...intervalOf(name === 'medianRank' ? 'median' : 'mean', values, seed),
    chance: chance[name],
    better: name === 'medianRank' || name === 'meanRank' ? 'lower' : 'higher',
  });
  const hits = (k: number): number[] => ranks.map((rank) => Number(rank <= k));
  const reciprocal = ranks.map((rank) => 1 / rank);
  const measures: Partial<Record<RetrievalName, MeasuredMetric>> = {
    recall1: measure('recall1', hits(1)),
    recall5: measure('recall5', hits(5)),
    recall10: measure('recall10', hits(10)),
    medianRank: measure('medianRank', ranks),
    meanRank: measure('meanRank', ranks),
    meanReciprocalRank: measure('meanReciprocalRank', reciprocal),
  };
  if (precisions !== undefined) measures.meanAveragePrecision = meanPrecision(precisions, seed);
  return {
    from,
    to,
    candidates: Math.round(mean(ranked.map(({ candidates }) => candidates))),
    queries: ranked.length,
    measures,
    histogram: histogramOf(ranked),
  };
}

function meanPrecision(precisions: Measured<Precisions>, seed: number): MeasuredMetric {
  if (!isMeasured(precisions)) return { missing: precisions.reason };
  const { values, chance } = precisions;
  return { value: mean(values), ...intervalOf('mean', values, seed), chance, better: 'higher' };
}

/** 95 %: resampled, or that of a normal mean and of the order statistics of a median. */
function intervalOf(what: 'mean' | 'median', values: readonly number[], seed: number): Pick<Metric, 'interval'> {
  if (values.length > MOST_RESAMPLED)
    return { interval: what === 'mean' ? meanInterval(values) : medianInterval(values) };
  const estimate = (what === 'mean' ? bootstrapMean : bootstrapMedian)(values, seed);
  return estimate === undefined ? {} : { interval: [estimate.low, estimate.high] };
}

function meanInterval(values: readonly number[]): [number, number] {
  const [centre, half] = [mean(values), interval95(values) ?? 0];
  return [centre - half, centre + half];
}

/** The order statistics n/2 ± 0.98 √n (the binomial interval of a median). */
function medianInterval(values: readonly number[]): [number, number] {
  const sorted = Float64Array.from(values).sort();
  const at = (place: number): number => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(place)))] ?? 0;
  const half = 0.98 * Math.sqrt(values.length);
  return [at(values.length / 2 - half), at(values.length / 2 + half)];
}

/** Ranks 1, 2, 3–4, 5–8 and so on up to the last candidate. */
function histogramOf(ranked: readonly RankedQuery[]): Retrieval['histogram'] {
  const within = chanceOfRanks(ranked);
  const bins: Retrieval['histogram'] = [];
  for (let low = 0, upTo = 1; low < within.length; low = upTo, upTo *= 2) {
    const queries = ranked.filter(({ rank }) => rank > low && rank <= upTo).length;
    const before = low === 0 ? 0 : (within[low - 1] ?? 0);
    const chance = ((within[Math.min(upTo, within.length) - 1] ?? 1) - before) * ranked.length;
    bins.push({ upTo, queries, chance });
  }
  return bins;
}
