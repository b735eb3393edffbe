import { describe, expect, it } from 'vitest';
import {
  holm,
  interval95,
  mean,
  median,
  pairedTTest,
  standardDeviation,
  studentInterval95,
} from '../../../src/base/statistics.ts';
import { t975, twoSidedProbability } from '../../../src/base/studentT.ts';
import golden from '../../golden/statistics.json';

describe('statistics, against values computed by hand', () => {
  it('has the mean and the sample standard deviation of 2, 4, 4, 4, 5, 5, 7, 9', () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(mean(values)).toBe(5);
    expect(standardDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  it('has an interval of 1.96 standard errors, and none for a single value', () => {
    expect(interval95([1, 3])).toBeCloseTo((1.96 * Math.SQRT2) / Math.SQRT2, 12);
    expect(interval95([1])).toBeUndefined();
  });

  it('takes the mean of the two middle values of an even count', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeUndefined();
  });
});

describe('statistics of reports, against SciPy', () => {
  it.each(golden.t975)('has the t of %d degrees of freedom', (freedom = 0, t = 0) => {
    expect(Math.abs(t975(freedom) / t - 1)).toBeLessThan(1e-9);
  });

  it('has the probability of a t and its negative, also far out in the tail', () => {
    for (const [t = 0, freedom = 0, p = 0] of golden.twoSided) {
      expect(Math.abs(twoSidedProbability(t, freedom) / p - 1), `${t}, ${freedom}`).toBeLessThan(1e-8);
      expect(twoSidedProbability(-t, freedom)).toBe(twoSidedProbability(t, freedom));
    }
  });

  it('has the interval and the p-value of paired differences', () => {
    for (const { values, p, interval } of golden.samples) {
      expect(studentInterval95(values)).toBeCloseTo(interval, 10);
      expect(pairedTTest(values)).toBeCloseTo(p, 10);
    }
  });

  it('adjusts p-values as Holm does, in their own order', () => {
    for (const [index, value] of holm(golden.holm.p).entries()) {
      expect(value).toBeCloseTo(golden.holm.adjusted[index] ?? 0, 12);
    }
    expect(holm([])).toEqual([]);
  });

  it('says nothing of one difference, and takes differences without spread for what they are', () => {
    expect([studentInterval95([1]), pairedTTest([1])]).toEqual([undefined, undefined]);
    expect(pairedTTest([0, 0, 0])).toBe(1);
    expect(pairedTTest([0.5, 0.5])).toBe(0);
  });
});
