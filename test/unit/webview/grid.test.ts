import { describe, expect, it } from 'vitest';
import type { ExperimentReport, PairedDifference, ReportRow } from '../../../src/protocol.ts';
import { bestOf, cleanest, distinct, probability, reach, verdict } from '../../../webview/runs/grid.ts';

const clean = { labelNoise: 0, pairNoise: 0 };

const difference = (value: number, fields: Partial<PairedDifference> = {}): PairedDifference => ({
  ...{ reference: 'croma', method: 'scratch', shots: 5, ...clean },
  ...{ difference: value, tasks: 200, seeds: 1 },
  ...fields,
});

const row = (method: ReportRow['method'], accuracy: number): ReportRow => ({
  method,
  accuracy,
  ...clean,
  shots: 5,
  tasks: 200,
  seeds: 1,
});

describe('the verdict on a paired difference', () => {
  it('says which side of zero it is on where it is clear after the correction', () => {
    expect(verdict(difference(0.04, { p: 0.001, adjusted: 0.049 }))).toBe('higher');
    expect(verdict(difference(-0.04, { p: 0.001, adjusted: 0.01 }))).toBe('lower');
  });

  it('is unclear where only the p-value before the correction is small, or none is known', () => {
    expect(verdict(difference(0.01, { p: 0.02, adjusted: 0.06 }))).toBe('unclear');
    expect(verdict(difference(0.5))).toBe('unclear');
  });
});

describe('a p-value', () => {
  it('has three decimals, and is never 0', () => {
    expect([0.0412, 0.00001, 1, undefined].map(probability)).toEqual(['0.041', '< 0.001', '1.000', '']);
  });
});

describe('the rows that tables show', () => {
  it('are those at the cleanest level', () => {
    const rows = [
      row('croma', 0.6),
      { ...row('croma', 0.4), pairNoise: 0.5 },
      { ...row('croma', 0.5), labelNoise: 0.2 },
    ];
    expect(cleanest(rows, { cleanest: clean } as ExperimentReport)).toEqual([rows[0]]);
  });
});

describe('the scale of the intervals', () => {
  it('reaches as far as the farthest end on either side', () => {
    expect(reach([difference(0.04, { interval: 0.01 }), difference(-0.1, { interval: 0.02 })])).toBeCloseTo(0.12);
  });

  it('is never zero', () => {
    expect(reach([difference(0, { interval: 0 })])).toBeGreaterThan(0);
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
