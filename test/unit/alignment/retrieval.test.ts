import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceLevels, chanceOfPrecision, summarizeRanks } from '../../../src/alignment/retrieval.ts';
import { Random } from '../../../src/base/random.ts';
import { mean } from '../../../src/base/statistics.ts';
import { bestRank, countAhead } from './naiveRanks.ts';

describe('bestRank', () => {
  it('counts the greater scores', () => {
    expect(bestRank(Float32Array.from([0.1, 0.9, 0.5, 0.7]), [2])).toBe(3);
  });

  it('places equal scores in the order of their index', () => {
    const equal = new Float32Array(4);
    expect([0, 1, 2, 3].map((match) => bestRank(equal, [match]))).toEqual([1, 2, 3, 4]);
  });

  it('takes the best of several matches', () => {
    expect(bestRank(Float32Array.from([0.1, 0.9, 0.5, 0.7]), [0, 3, 2])).toBe(2);
  });

  it('agrees with a stable sort for any scores and matches', () => {
    const scoresAndMatches = fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 30 })
      .chain((scores) =>
        fc.tuple(fc.constant(scores), fc.subarray([...scores.keys()], { minLength: 1, maxLength: scores.length })),
      );
    fc.assert(
      fc.property(scoresAndMatches, ([scores, matches]) => {
        const order = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
        const expected = 1 + order.findIndex((index) => matches.includes(index));
        expect(bestRank(Float32Array.from(scores), matches)).toBe(expected);
      }),
    );
  });

  it('can leave candidates out of the count', () => {
    const scores = Float32Array.from([0.9, 0.8, 0.7]);
    expect(countAhead(scores, 2)).toBe(2);
    expect(countAhead(scores, 2, Uint8Array.from([1, 0, 0]))).toBe(1);
  });
});

describe('chanceLevels', () => {
  const repeated = (candidates: number, relevant: number) => [{ rank: 1, candidates, relevant }];

  it('are k / N, (N + 1) / 2 and H_N / N for one match', () => {
    const chance = chanceLevels(repeated(20, 1));
    expect(chance.recall1).toBeCloseTo(1 / 20, 10);
    expect(chance.recall5).toBeCloseTo(5 / 20, 10);
    expect(chance.recall10).toBeCloseTo(10 / 20, 10);
    expect(chance.medianRank).toBeCloseTo(10.5, 10);
    const harmonic = Array.from({ length: 20 }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
    expect(chance.meanReciprocalRank).toBeCloseTo(harmonic / 20, 10);
    expect(chanceLevels(repeated(21, 1)).medianRank).toBe(11);
  });

  it('follow the hypergeometric formula for several matches', () => {
    // 1 − C(7, 5) / C(10, 5) = 1 − 21 / 252
    expect(chanceLevels(repeated(10, 3)).recall5).toBeCloseTo(1 - 21 / 252, 10);
  });

  it('are 1 when there are no more candidates than the rank', () => {
    expect(chanceLevels(repeated(4, 1)).recall5).toBe(1);
    expect(chanceLevels(repeated(4, 4))).toMatchObject({ recall1: 1, meanReciprocalRank: 1, medianRank: 1 });
  });

  it('are what shuffled candidates give, also for queries of different kinds', () => {
    const random = Random.of(3, 'chance test');
    const kinds = [
      { candidates: 30, relevant: 1 },
      { candidates: 12, relevant: 4 },
    ];
    const ranked = Array.from({ length: 8000 }, (_, i) => {
      const { candidates, relevant } = kinds[i % 2] ?? { candidates: 1, relevant: 1 };
      const scores = Float32Array.from({ length: candidates }, () => random.uniform());
      return { rank: bestRank(scores, [...Array(relevant).keys()]), candidates, relevant };
    });
    const [found, chance] = [summarizeRanks(ranked), chanceLevels(ranked)];
    expect(found.recall1).toBeCloseTo(chance.recall1, 1);
    expect(found.recall5).toBeCloseTo(chance.recall5, 1);
    expect(found.meanReciprocalRank).toBeCloseTo(chance.meanReciprocalRank, 1);
    expect(Math.abs(found.medianRank - chance.medianRank)).toBeLessThanOrEqual(1);
  });
});

describe('chanceOfPrecision', () => {
  it.each([
    [1, 1],
    [1, 5],
    [3, 7],
    [6, 8],
    [8, 8],
  ])('is the mean over all orders of %i matches among %i candidates', (relevant, candidates) => {
    const precisions = placements(relevant, candidates).map((ranks) =>
      mean(ranks.map((rank, before) => (before + 1) / rank)),
    );
    expect(chanceOfPrecision(relevant, candidates)).toBeCloseTo(mean(precisions), 12);
  });
});

/** All ways to put so many matches at ranks up to `last`, in ascending order. */
function placements(matches: number, last: number): number[][] {
  if (matches === 0) return [[]];
  return Array.from({ length: last - matches + 1 }, (_, at) => at + matches).flatMap((rank) =>
    placements(matches - 1, rank - 1).map((ranks) => [...ranks, rank]),
  );
}
