import { describe, expect, it } from 'vitest';
import type { PairedDifference, ReportRow } from '../../../src/protocol.ts';
import { bestOf, distinct, reach, verdict } from '../../../webview/runs/grid.ts';

const difference = (value: number, interval?: number): PairedDifference => ({
  reference: 'croma',
  method: 'scratch',
  shots: 5,
  difference: value,
  tasks: 200,
  ...(interval !== undefined && { interval }),
});

const row = (method: ReportRow['method'], accuracy: number): ReportRow => ({
  method,
  accuracy,
  shots: 5,
  tasks: 200,
  seeds: 1,
});

describe('the verdict on a paired difference', () => {
  it('says which side of zero the interval is on', () => {
    expect(verdict(difference(0.04, 0.01))).toBe('higher');
    expect(verdict(difference(-0.04, 0.01))).toBe('lower');
  });

  it('is unclear when the interval reaches zero or is not known', () => {
    expect(verdict(difference(0.01, 0.02))).toBe('unclear');
    expect(verdict(difference(0.02, 0.02))).toBe('unclear');
    expect(verdict(difference(0.5))).toBe('unclear');
  });
});

describe('the scale of the intervals', () => {
  it('reaches as far as the farthest end on either side', () => {
    expect(reach([difference(0.04, 0.01), difference(-0.1, 0.02)])).toBeCloseTo(0.12);
  });

  it('is never zero', () => {
    expect(reach([difference(0, 0)])).toBeGreaterThan(0);
  });
});

describe('the best row', () => {
  it('has the highest mean', () => {
    const rows = [row('scratch', 0.5), row('croma', 0.6), row('align-classify', 0.55)];
    expect(bestOf(rows)).toBe(rows[1]);
  });

  it('is none where there is nothing to compare with', () => {
    expect(bestOf([row('croma', 0.6)])).toBeUndefined();
  });
});

it('distinct keeps the order of first appearance', () => {
  expect(distinct([5, 1, 5, 10, 1])).toEqual([5, 1, 10]);
});
