import { type Matrix, rowOf, zeros } from '../../base/matrix.ts';
import { multiply, RightFactor } from '../products/wasm.ts';
import { inverseFactor } from './cholesky.ts';
import { type Moments, meansOf, momentsAbout, traceOf } from './moments.ts';
import type { PairMap } from './pairMap.ts';
import { asMatrix, withDiagonal } from './square.ts';
import { leadingEigen } from './subspace.ts';

/** Canonical directions beyond these hold little that two modalities share, and each adds noise to the cosines. */
const MAX_DIRECTIONS = 64;

/**
 * Canonical correlation analysis with a ridge on both sides (Vinod, Journal of Econometrics 1976; Hardoon, Szedmak &
 * Shawe-Taylor, Neural Computation 2004): with XᵀX + λσₓ²I = L Lᵀ and YᵀY + λσᵧ²I = M Mᵀ of the centred rows (σ² is the
 * mean diagonal element), L⁻¹ XᵀY M⁻ᵀ = U P Vᵀ, and the sides are mapped by Uᵀ L⁻¹ and Vᵀ M⁻¹, at most 64 directions of
 * the greatest correlations P. Both maps give zeros when a side has no variance.
 */
export function fitCca(moments: Moments, strength: number): PairMap {
  const means = meansOf(moments);
  const { xx, xy, yy } = momentsAbout(moments, means);
  const [left, right] = [whitening(xx, means.x.length, strength), whitening(yy, means.y.length, strength)];
  const directions = Math.min(means.x.length, means.y.length, MAX_DIRECTIONS);
  if (left === undefined || right === undefined) {
    return {
      first: { mean: means.x, weights: zeros(directions, means.x.length) },
      second: { mean: means.y, weights: zeros(directions, means.y.length) },
    };
  }
  const correlation = timesTransposed(multiply(left, asMatrix(xy, means.x.length)), right);
  const { values, vectors } = leadingEigen(
    Float64Array.from(timesTransposed(correlation, correlation).data),
    correlation.rows,
    directions,
  );
  const u = rowsOf(vectors);
  const v = multiply(u, correlation);
  for (let i = 0; i < v.rows; i++) scale(rowOf(v, i), (values[i] ?? 0) > 0 ? 1 / Math.sqrt(values[i] ?? 1) : 0);
  return {
    first: { mean: means.x, weights: multiply(u, left) },
    second: { mean: means.y, weights: multiply(v, right) },
  };
}

/** The mean correlation of the canonical directions over other pairs, from their moments. */
export function heldCorrelation({ first, second }: PairMap, held: Moments): number {
  const correlations = correlationsOf({ first, second }, held);
  return correlations.reduce((sum, value) => sum + value, 0) / Math.max(1, correlations.length);
}

/** The correlation of both sides in every canonical direction, over the pairs of these moments; 0 without variance. */
export function correlationsOf({ first, second }: PairMap, moments: Moments): number[] {
  const [w, v] = [first.weights, second.weights];
  if (w === undefined || v === undefined) throw new RangeError('correlationsOf() needs weights on both sides');
  const { xx, xy, yy } = momentsAbout(moments, { x: first.mean, y: second.mean });
  const across = rowDots(multiply(w, asMatrix(xy, w.columns)), v);
  const [own, other] = [
    rowDots(multiply(w, asMatrix(xx, w.columns)), w),
    rowDots(multiply(v, asMatrix(yy, v.columns)), v),
  ];
  return across.map((product, i) => {
    const norm = Math.sqrt((own[i] ?? 0) * (other[i] ?? 0));
    return norm > 0 ? product / norm : 0;
  });
}

function whitening(square: Float64Array, size: number, strength: number): Matrix | undefined {
  const meanVariance = traceOf(square, size) / size;
  if (meanVariance <= 0) return undefined;
  return asMatrix(inverseFactor(withDiagonal(square, size, strength * meanVariance), size), size);
}

function timesTransposed(a: Matrix, b: Matrix): Matrix {
  const right = RightFactor.transposed(b);
  try {
    return right.times(a);
  } finally {
    right.dispose();
  }
}

function rowsOf(vectors: readonly Float64Array[]): Matrix {
  const matrix = zeros(vectors.length, vectors[0]?.length ?? 0);
  for (const [i, vector] of vectors.entries()) rowOf(matrix, i).set(vector);
  return matrix;
}

function scale(values: Float32Array, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * factor;
}

function rowDots(a: Matrix, b: Matrix): number[] {
  return Array.from({ length: a.rows }, (_, row) => {
    const other = rowOf(b, row);
    return rowOf(a, row).reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
  });
}
