import { describe, expect, it } from 'vitest';
import { cka } from '../../../src/alignment/cka.ts';
import { modalityGap } from '../../../src/alignment/modalityGap.ts';
import { summarizeRanks } from '../../../src/alignment/retrieval.ts';
import { fromRows, type Matrix, rowProducts, unitRows } from '../../../src/base/matrix.ts';
import { inThisThread } from './inThisThread.ts';
import { mutualKnn } from './mutualKnn.ts';
import { bestRank } from './naiveRanks.ts';

// Computed independently with NumPy in float64.
const X = fromRows([
  [1, 0, 2],
  [2, 1, 0],
  [0, 3, 1],
  [4, 1, 1],
  [1, 2, 5],
  [3, 3, 0],
]);
const Y = fromRows([
  [1, 1, 1],
  [2, 0, 1],
  [0, 2, 2],
  [3, 1, 0],
  [1, 4, 3],
  [2, 2, 1],
]);

function retrieve(queries: Matrix, candidates: Matrix) {
  const scores = new Float32Array(queries.rows * candidates.rows);
  rowProducts(unitRows(queries), 0, queries.rows, unitRows(candidates), scores);
  const ranked = Array.from({ length: queries.rows }, (_, query) => {
    const own = scores.subarray(query * candidates.rows, (query + 1) * candidates.rows);
    return { rank: bestRank(own, [query]), candidates: candidates.rows, relevant: 1 };
  });
  return summarizeRanks(ranked);
}

describe('the six golden pairs', () => {
  it('are retrieved from X to Y as NumPy finds', () => {
    const { recall1, meanReciprocalRank, medianRank } = retrieve(X, Y);
    expect(recall1).toBeCloseTo(0.333333, 5);
    expect(meanReciprocalRank).toBeCloseTo(0.638889, 5);
    expect(medianRank).toBe(2);
  });

  it('are retrieved from Y to X as NumPy finds', () => {
    const { recall1, meanReciprocalRank, medianRank } = retrieve(Y, X);
    expect(recall1).toBeCloseTo(0.166667, 5);
    expect(meanReciprocalRank).toBeCloseTo(0.513889, 5);
    expect(medianRank).toBe(2);
  });

  it('have the modality gap, linear CKA and debiased CKA that NumPy finds', async () => {
    expect(modalityGap({ matrix: X }, { matrix: Y })).toBeCloseTo(0.078083, 5);
    const { linear, debiased } = await cka(inThisThread, { matrix: X }, { matrix: Y });
    expect(linear).toBeCloseTo(0.773081, 5);
    expect(debiased).toBeCloseTo(0.548153, 5);
  });

  it('share the neighbours that NumPy finds', async () => {
    expect(await mutualKnn(inThisThread, { matrix: X }, { matrix: Y }, 2)).toBeCloseTo(0.583333, 5);
    expect(await mutualKnn(inThisThread, { matrix: X }, { matrix: Y }, 3)).toBeCloseTo(0.611111, 5);
  });
});
