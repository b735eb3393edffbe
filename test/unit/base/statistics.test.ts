import { describe, expect, it } from 'vitest';
import { interval95, mean, median, standardDeviation } from '../../../src/base/statistics.ts';

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
