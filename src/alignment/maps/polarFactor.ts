import type { Matrix } from '../../base/matrix.ts';
import { multiply, multiplyTransposed } from '../products/wasm.ts';

/** Enough for singular values down to a millionth of the largest; smaller ones are rounding noise. */
const MAX_ITERATIONS = 60;
const TOLERANCE = 1e-6;

/**
 * U Vᵀ of A = U Σ Vᵀ by the Newton–Schulz iteration X ← (3X − X XᵀX) / 2 (Higham, "Functions of Matrices", §8.3), which
 * takes every singular value that is not 0 to 1 and is made of products alone.
 */
export function polarFactor(matrix: Matrix): Matrix {
  const length = lengthOf(matrix);
  let factor: Matrix = { ...matrix, data: matrix.data.map((value) => value / length) };
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const cubed = multiply(factor, multiplyTransposed(factor, factor)).data;
    const next = factor.data.map((value, i) => (3 * value - (cubed[i] ?? 0)) / 2);
    const moved = next.reduce((most, value, i) => Math.max(most, Math.abs(value - (factor.data[i] ?? 0))), 0);
    factor = { ...factor, data: next };
    if (moved < TOLERANCE) break;
  }
  return factor;
}

/** The square root of the sum of squares. */
export function lengthOf({ data }: Matrix): number {
  return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
}
