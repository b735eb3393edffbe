import { type Matrix, zeros } from '../../base/matrix.ts';
import { multiply, multiplyTransposed } from '../products/wasm.ts';
import { type CentredMoments, traceOf, turn } from './moments.ts';
import { asMatrix } from './square.ts';

/** Enough for singular values down to a millionth of the largest; smaller ones are rounding noise. */
const MAX_ITERATIONS = 60;
const TOLERANCE = 1e-6;

/**
 * Orthogonal Procrustes with scaling (Schönemann, Psychometrika 1966): y ≈ s R x of the centred rows, of which the y have
 * at least as many columns. R = U Vᵀ of YᵀX = U Σ Vᵀ, and s = tr Σ / ‖X‖². Gives s R, outputs × inputs.
 */
export function procrustesWeights({ columnsX, columnsY, xx, xy }: CentredMoments): Matrix {
  const variance = traceOf(xx, columnsX);
  const cross = asMatrix(turn(xy, columnsX, columnsY), columnsY);
  if (variance <= 0 || lengthOf(cross) === 0) return zeros(columnsY, columnsX);
  const rotation = polarFactor(cross);
  const scale = rotation.data.reduce((sum, value, i) => sum + value * (cross.data[i] ?? 0), 0) / variance;
  return { ...rotation, data: rotation.data.map((value) => scale * value) };
}

/**
 * U Vᵀ of A = U Σ Vᵀ by the Newton–Schulz iteration X ← (3X − X XᵀX) / 2 (Higham, "Functions of Matrices", §8.3), which
 * takes every singular value that is not 0 to 1 and is made of products alone.
 */
function polarFactor(matrix: Matrix): Matrix {
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
function lengthOf({ data }: Matrix): number {
  return Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));
}
