import { type Matrix, rowOf, zeros } from '../../base/matrix.ts';
import { multiply, RightFactor } from '../products/wasm.ts';
import type { CentredMoments } from './moments.ts';
import { asMatrix, regularRoot } from './square.ts';
import { leadingEigen } from './subspace.ts';

/** Canonical directions beyond these hold little that two modalities share, and each adds noise to the cosines. */
const MAX_DIRECTIONS = 64;
/** Directions of nearly the same correlation are as good as each other. */
const TOLERANCE = 1e-3;

/** Directions × columns, for each side. */
export interface CcaWeights {
  readonly first: Matrix;
  readonly second: Matrix;
}

/**
 * Canonical correlation analysis with a ridge on both sides (Vinod, Journal of Econometrics 1976; Hardoon, Szedmak &
 * Shawe-Taylor, Neural Computation 2004): with XᵀX + λσₓ²I = L Lᵀ and YᵀY + λσᵧ²I = M Mᵀ of the centred rows (σ² is the
 * mean diagonal element), L⁻¹ XᵀY M⁻ᵀ = U P Vᵀ, and the sides are mapped by P^½ Uᵀ L⁻¹ and P^½ Vᵀ M⁻¹, at
 * most 64 directions of the greatest correlations P. P^½ makes them the means of the latent vector that either side tells
 * (Bach & Jordan, technical report 688, Berkeley 2005). Zeros when a side has no variance.
 */
export function ccaWeights({ columnsX, columnsY, xx, xy, yy }: CentredMoments, strength: number): CcaWeights {
  const directions = Math.min(columnsX, columnsY, MAX_DIRECTIONS);
  const [left, right] = [regularRoot(xx, columnsX, strength), regularRoot(yy, columnsY, strength)];
  if (left === undefined || right === undefined) {
    return { first: zeros(directions, columnsX), second: zeros(directions, columnsY) };
  }
  const correlation = timesTransposed(multiply(left, asMatrix(xy, columnsX)), right);
  const squares = Float64Array.from(timesTransposed(correlation, correlation).data);
  const { values, vectors } = leadingEigen(squares, columnsX, directions, TOLERANCE);
  const u = rowsOf(vectors);
  const v = multiply(u, correlation);
  for (const [i, value] of values.entries()) {
    const correlated = Math.sqrt(Math.max(0, value));
    scale(rowOf(u, i), Math.sqrt(correlated));
    scale(rowOf(v, i), correlated > 0 ? 1 / Math.sqrt(correlated) : 0);
  }
  return { first: multiply(u, left), second: multiply(v, right) };
}

/** The mean correlation of the canonical directions over other pairs, from their moments about the same means. */
export function meanCorrelation(weights: CcaWeights, held: CentredMoments): number {
  const correlations = correlationsOf(weights, held);
  return correlations.reduce((sum, value) => sum + value, 0) / Math.max(1, correlations.length);
}

/** The correlation of both sides in every canonical direction, over the pairs of these moments; 0 without variance. */
export function correlationsOf({ first, second }: CcaWeights, { xx, xy, yy }: CentredMoments): number[] {
  const across = rowDots(multiply(first, asMatrix(xy, first.columns)), second);
  const own = rowDots(multiply(first, asMatrix(xx, first.columns)), first);
  const other = rowDots(multiply(second, asMatrix(yy, second.columns)), second);
  return across.map((product, i) => {
    const norm = Math.sqrt((own[i] ?? 0) * (other[i] ?? 0));
    return norm > 0 ? product / norm : 0;
  });
}

function timesTransposed(a: Matrix, b: Matrix): Matrix {
  return RightFactor.transposed(b).times(a);
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
