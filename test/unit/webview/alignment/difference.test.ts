import { describe, expect, it } from 'vitest';
import type { Metric, Retrieval } from '../../../../src/protocol.ts';
import { differenceOf } from '../../../../webview/alignment/difference.ts';
import { geometryScale, retrievalScale } from '../../../../webview/alignment/scales.ts';

const retrieval: Retrieval = { from: 'image', to: 'text', candidates: 50, queries: 50, measures: {}, histogram: [] };
const recall = retrievalScale('recall1', retrieval);
const ranks = retrievalScale('medianRank', retrieval);

describe('the difference of two reports', () => {
  it('of shares is in percentage points, and says which report is better', () => {
    expect(differenceOf(metric(0.52), metric(0.4), recall)).toEqual({ text: '+12.0 points', verdict: 'A is better' });
  });

  it('of ranks is better the lower', () => {
    const [a, b] = [metric(3.5, 'lower'), metric(6, 'lower')];
    expect(differenceOf(a, b, ranks)).toEqual({ text: '−2.5', verdict: 'A is better' });
    expect(differenceOf(b, a, ranks)?.verdict).toBe('B is better');
  });

  it('says when it may be chance', () => {
    const a = { ...metric(0.5), interval: [0.4, 0.6] } satisfies Metric;
    const b = { ...metric(0.55), interval: [0.58, 0.62] } satisfies Metric;
    expect(differenceOf(a, b, recall)?.verdict).toBe('B is better; the intervals overlap');
    expect(differenceOf({ ...a, interval: [0.4, 0.57] }, b, recall)?.verdict).toBe('B is better');
  });

  it('judges nothing where no way is better, where the numbers read alike and where one is missing', () => {
    const scale = geometryScale('modalityGap');
    expect(differenceOf(metric(1, 'neither'), metric(0.5, 'neither'), scale)).toEqual({ text: '+0.500', verdict: '' });
    expect(differenceOf(metric(0.50001), metric(0.5), scale)).toEqual({ text: '0.000', verdict: '' });
    expect(differenceOf(metric(1), { missing: 'too few pairs' }, scale)).toBeUndefined();
    expect(differenceOf(metric(1), undefined, scale)).toBeUndefined();
  });
});

function metric(value: number, better: Metric['better'] = 'higher'): Metric {
  return { value, better };
}
