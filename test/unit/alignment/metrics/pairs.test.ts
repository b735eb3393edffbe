import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMean, bootstrapMedian } from '../../../../src/alignment/metrics/bootstrap.ts';
import { breakDown } from '../../../../src/alignment/metrics/breakdown.ts';
import { estimateMismatch } from '../../../../src/alignment/metrics/mismatch.ts';
import { averagePrecision, precisionAt } from '../../../../src/alignment/metrics/precision.ts';
import { probabilitiesAgainstUnrelated, shareTold } from '../../../../src/alignment/metrics/unrelatedLosses.ts';
import { fitMixture, posteriorsByMixture, probabilitiesByMixture } from '../../../../src/base/mixture.ts';
import { Random } from '../../../../src/base/random.ts';
import golden from '../../../golden/pairs.json';

const margins = (losses: readonly number[]) =>
  losses.map((loss) => ({ marginForward: -loss - 0.1, marginBackward: -loss + 0.1 }));

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

/** Most are right and near 0, some are wrong and near 4. */
function twoGroups(count: number, wrong: number, seed: number): number[] {
  const random = Random.of(seed, 'two groups');
  return Array.from({ length: count }, (_, pair) => (pair < wrong ? 4 : 0) + random.normal());
}

describe('the mixture of two groups', () => {
  it('is the one that scikit-learn fits, with the same evidence', () => {
    const found = fitMixture(golden.losses);
    const { means, variances, weights, evidence } = golden.mixture;
    for (const [place, component] of [found?.low, found?.high].entries()) {
      expect(component?.mean).toBeCloseTo(means[place] ?? Number.NaN, 3);
      expect(component?.variance).toBeCloseTo(variances[place] ?? Number.NaN, 3);
      expect(component?.weight).toBeCloseTo(weights[place] ?? Number.NaN, 3);
    }
    expect(Math.abs((found?.evidence ?? 0) - evidence)).toBeLessThan(0.1);
  });

  it('is not believed in for one normal group, nor for equal losses', () => {
    expect(Math.max(...probabilitiesByMixture(twoGroups(1000, 0, 1)))).toBeLessThan(0.2);
    expect([...probabilitiesByMixture(Array.from({ length: 50 }, () => 0.3))]).toEqual(Array(50).fill(0));
  });

  it('is taken as given by the posteriors, which rise with the losses', () => {
    const losses = twoGroups(1000, 200, 1).sort((a, b) => a - b);
    const posteriors = [...posteriorsByMixture(losses)];
    expect(posteriors).toEqual([...posteriors].sort((a, b) => a - b));
    expect(posteriors.filter((posterior) => posterior > 0.5).length / 1000).toBeCloseTo(0.2, 1);
    expect(posteriors).toEqual([...probabilitiesByMixture(losses)].map((value) => expect.closeTo(value, 6)));
    const overlapping = losses.map((loss, rank) => (rank < 800 ? loss : loss - 2.5));
    expect(Math.max(...posteriorsByMixture(overlapping))).toBeGreaterThan(0.5);
    expect(Math.max(...probabilitiesByMixture(overlapping))).toBe(0);
  });
});

describe('comparison with unrelated items', () => {
  it('gives the probabilities of the definition, by brute force in NumPy', () => {
    const found = probabilitiesAgainstUnrelated(golden.losses, golden.unrelated);
    for (const [pair, value] of golden.againstUnrelated.entries()) expect(found[pair]).toBeCloseTo(value, 8);
  });

  it.each([0, 20, 200])('expects about as many wrong pairs as there are: %i of 2,000', (wrong) => {
    const unrelated = twoGroups(2000, 2000, 99);
    const expected = sum(probabilitiesAgainstUnrelated(twoGroups(2000, wrong, wrong), unrelated));
    expect(Math.abs(expected - wrong)).toBeLessThan(8 + 0.1 * wrong);
  });
});

describe('the share of right pairs that are told from unrelated items', () => {
  const places = Array.from({ length: 1000 }, (_, at) => at / 1000);

  it('is all of them below the least unrelated loss, and none of them among the unrelated ones', () => {
    expect(shareTold(Array(200).fill(-1), places, 0)).toBe(1);
    expect(shareTold(places, places, 0)).toBeCloseTo(0.05, 2);
    expect(shareTold(Array(200).fill(0.5), places, 0)).toBe(0);
  });

  it('leaves out the wrong ones that are as low by chance', () => {
    const [right, wrong] = [Array<number>(600).fill(-1), places.filter((_, at) => at % 5 < 2)];
    expect(shareTold([...right, ...wrong], places, 0.4)).toBeCloseTo(1, 2);
    const blurred = places.filter((_, at) => at % 5 < 3).map((place) => place / 2);
    expect(shareTold([...blurred, ...wrong], places, 0.4)).toBeCloseTo(0.1, 2);
  });
});

describe('the probability of a mismatch', () => {
  const unrelated = margins(twoGroups(300, 300, 99));

  it.each([
    ['with', unrelated],
    ['without', undefined],
  ])('rises with the loss, %s unrelated items', (_, others) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 60 }), (seed, wrong) => {
        const losses = twoGroups(200, wrong, seed);
        const { probabilities } = estimateMismatch(margins(losses), others);
        const order = [...losses.keys()].sort((a, b) => (losses[a] ?? 0) - (losses[b] ?? 0));
        const ordered = order.map((pair) => probabilities[pair] ?? Number.NaN);
        for (const [place, value] of ordered.entries()) {
          expect(value).toBeGreaterThanOrEqual(ordered[place - 1] ?? 0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it('tells the golden wrong pairs from the right ones', () => {
    const { probabilities, expectedWrong, note } = estimateMismatch(margins(golden.losses), margins(golden.unrelated));
    const order = [...probabilities.keys()].sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0));
    expect(averagePrecision(order.map((pair) => golden.wrong[pair] ?? false))).toBeGreaterThan(0.95);
    expect(expectedWrong).toBeCloseTo(sum(probabilities), 8);
    expect(note).toBeUndefined();
  });

  it('falls where the neighbourhood agrees with the class, and does not move without classes', () => {
    const losses = [...twoGroups(300, 60, 5), 2, 2];
    const classed = margins(losses).map((evidence, pair) => ({
      ...evidence,
      classAgreement: pair === 300 || (pair >= 60 && pair < 300) ? 0.9 : 0.1,
    }));
    const [plain, informed] = [estimateMismatch(margins(losses)), estimateMismatch(classed)];
    expect(plain.probabilities[300]).toBe(plain.probabilities[301]);
    expect(informed.probabilities[300]).toBeLessThan(plain.probabilities[300] ?? 0);
    expect(informed.probabilities[301]).toBeGreaterThan(plain.probabilities[301] ?? 0);
  });

  it('says that no group of wrong pairs stands apart, for few, equal and clean pairs', () => {
    expect(estimateMismatch(margins([1, 2, 3]))).toMatchObject({ expectedWrong: 0, note: expect.any(String) });
    const equal = margins(Array.from({ length: 20 }, () => 0.5));
    expect(estimateMismatch(equal, equal)).toMatchObject({ expectedWrong: 0, note: expect.any(String) });
    const clean = estimateMismatch(margins(twoGroups(500, 0, 3)), unrelated);
    expect(clean.note).toMatch(/single ones can still be wrong/);
    expect(clean.expectedWrong).toBeLessThan(15);
  });
});

describe('precision of a ranking', () => {
  it('is the share of wrong pairs at each cut, and on average what scikit-learn finds', () => {
    expect(precisionAt([true, false, true, true], [1, 2, 4, 9])).toEqual([1, 0.5, 0.75, 0.75]);
    const order = [...golden.losses.keys()].sort((a, b) => (golden.losses[b] ?? 0) - (golden.losses[a] ?? 0) || b - a);
    expect(averagePrecision(order.map((pair) => golden.wrong[pair] ?? false))).toBeCloseTo(golden.averagePrecision, 10);
  });

  it('is 0 when nothing is wrong or nothing is ranked', () => {
    expect(averagePrecision([false, false])).toBe(0);
    expect(averagePrecision([])).toBe(0);
    expect(precisionAt([], [5])).toEqual([0]);
  });
});

describe('the bootstrap', () => {
  const { values } = golden.bootstrap;

  it.each([
    ['mean', bootstrapMean, golden.bootstrap.mean],
    ['median', bootstrapMedian, golden.bootstrap.median],
  ] as const)('of the %s gives about the interval of 200,000 resamples in NumPy', (_, bootstrap, interval) => {
    const found = bootstrap(values, 0);
    expect(found?.low).toBeCloseTo(interval[0] ?? Number.NaN, 1);
    expect(found?.high).toBeCloseTo(interval[1] ?? Number.NaN, 1);
    expect(bootstrap(values, 0)).toEqual(found);
    expect(bootstrap(values, 1)).not.toEqual(found);
  });

  it('is the value itself for equal values, and nothing for none', () => {
    expect(bootstrapMean([1, 1, 1], 0)).toEqual({ value: 1, low: 1, high: 1 });
    expect(bootstrapMedian([3], 0)).toEqual({ value: 3, low: 3, high: 3 });
    expect(bootstrapMean([], 0)).toBeUndefined();
    expect(bootstrapMedian([], 0)).toBeUndefined();
  });
});

describe('the break-down', () => {
  it('has the numbers of each label, the largest group first and the pairs without one last', () => {
    const outcome = { rankForward: 1, rankBackward: 2, margin: 0.5, wrong: 0.25 };
    const found = breakDown([
      outcome,
      { ...outcome, label: 'b' },
      { ...outcome, label: 'c', rankForward: 3, margin: -0.5 },
      { ...outcome, label: 'a', rankBackward: 1 },
      { ...outcome, label: 'c' },
    ]);
    expect(found.map(({ label }) => label)).toEqual(['c', 'a', 'b', undefined]);
    expect(found[0]).toEqual({
      label: 'c',
      pairs: 2,
      recall1Forward: 0.5,
      recall1Backward: 0,
      meanMargin: 0,
      expectedWrong: 0.5,
    });
    expect(found[1]).toMatchObject({ recall1Forward: 1, recall1Backward: 1 });
    expect(found[3]).not.toHaveProperty('label');
  });
});
