import { describe, expect, it } from 'vitest';
import { retrievalReport } from '../../../src/alignment/retrievalReport.ts';

const between = { from: 'image', to: 'text', seed: 0 } as const;

/** Ranks among `candidates`, of which `relevant` are a match. */
function ranked(ranks: readonly number[], candidates: number, relevant = 1) {
  return ranks.map((rank) => ({ rank, candidates, relevant }));
}

describe('retrievalReport', () => {
  it('has the numbers of the ranks, each within its interval and beside what chance would give', () => {
    const { measures, queries, candidates } = retrievalReport({ ...between, ranked: ranked([1, 1, 3, 8], 10) });
    expect({ queries, candidates }).toEqual({ queries: 4, candidates: 10 });
    expect(measures.recall1).toMatchObject({ value: 0.5, chance: expect.closeTo(0.1, 10), better: 'higher' });
    expect(measures.recall5).toMatchObject({ value: 0.75, chance: expect.closeTo(0.5, 10) });
    expect(measures.medianRank).toMatchObject({ value: 2, chance: 5.5, better: 'lower' });
    expect(measures.meanRank).toMatchObject({ value: 3.25, chance: expect.closeTo(5.5, 10), better: 'lower' });
    expect(measures.meanReciprocalRank).toMatchObject({ value: (1 + 1 + 1 / 3 + 1 / 8) / 4 });
    expect(measures.meanAveragePrecision).toBeUndefined();
    for (const measure of Object.values(measures)) {
      if ('missing' in measure || measure.interval === undefined) throw new Error('an interval is missing');
      expect(measure.interval[0]).toBeLessThanOrEqual(measure.value);
      expect(measure.interval[1]).toBeGreaterThanOrEqual(measure.value);
    }
  });

  it('counts ranks in bins that double, and what chance would put there', () => {
    const { histogram } = retrievalReport({ ...between, ranked: ranked([1, 2, 3, 4, 5, 6], 6) });
    expect(histogram.map(({ upTo, queries }) => [upTo, queries])).toEqual([
      [1, 1],
      [2, 1],
      [4, 2],
      [8, 2],
    ]);
    for (const { queries, chance } of histogram) expect(chance).toBeCloseTo(queries, 10);
  });

  it('knows that several matches come earlier by chance', () => {
    // Of three candidates two match: the first is one of them with probability 2/3.
    const { histogram, measures } = retrievalReport({ ...between, ranked: ranked([1, 1, 2], 3, 2) });
    expect(histogram[0]?.chance).toBeCloseTo(2, 10);
    expect(histogram[1]?.chance).toBeCloseTo(1, 10);
    expect(measures.recall1).toMatchObject({ chance: expect.closeTo(2 / 3, 10) });
  });

  it('has an interval of about the same width for many queries as resampling has for few', () => {
    const width = (copies: number): number => {
      const ranks = Array.from({ length: copies }, (_, query) => (query % 4 === 0 ? 1 : 50));
      const { recall1 } = retrievalReport({ ...between, ranked: ranked(ranks, 100) }).measures;
      if (recall1 === undefined || 'missing' in recall1 || recall1.interval === undefined) return Number.NaN;
      return (recall1.interval[1] - recall1.interval[0]) * Math.sqrt(copies);
    };
    expect(width(2004) / width(2000)).toBeCloseTo(1, 1);
  });

  it('takes average precision as it was measured, with the chance of its classes', () => {
    const precisions = { values: [1, 0.5], chance: 0.25 };
    const { measures } = retrievalReport({ ...between, ranked: ranked([1, 2], 4), precisions });
    expect(measures.meanAveragePrecision).toMatchObject({ value: 0.75, chance: 0.25, better: 'higher' });
  });
});
