import { describe, expect, it } from 'vitest';
import { fromRows } from '../../../../src/base/matrix.ts';
import { trustworthiness } from './trustworthiness.ts';

const VECTORS = fromRows([
  [6.4, 2.7, 0.4],
  [0.2, 8.1, 9.1],
  [6.1, 7.3, 5.4],
  [9.4, 8.2, 0],
  [8.6, 0.3, 7.3],
  [1.8, 8.6, 5.4],
  [3, 4.2, 0.3],
  [1.2, 6.7, 6.5],
]);
const MAP = fromRows([
  [9.1, 3],
  [-2, 5.3],
  [4.7, 8],
  [6.4, 7.6],
  [8.1, 1.9],
  [2.4, 9.7],
  [1, 3.8],
  [3.6, 11.2],
]);

describe('trustworthiness', () => {
  it('is what scikit-learn finds', () => {
    expect(trustworthiness(VECTORS, MAP, 1)).toBeCloseTo(0.6875, 5);
    expect(trustworthiness(VECTORS, MAP, 2)).toBeCloseTo(0.763889, 5);
    expect(trustworthiness(VECTORS, MAP, 3)).toBeCloseTo(0.75, 5);
  });

  it('is 1 for a map that keeps all distances', () => {
    expect(trustworthiness(VECTORS, VECTORS, 3)).toBe(1);
  });
});
