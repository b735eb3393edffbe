import { columnMeans, crossProduct, dot, type Matrix, rowOf, subtractRow } from '../base/matrix.ts';

export interface Cka {
  /** In [0, 1]; biased upwards when there are few rows for the dimensions. */
  readonly linear: number;
  /** What `linear` would be on average if the rows of one matrix were shuffled. */
  readonly chance: number;
  /** About 0 without any relation, whatever the number of rows; can be slightly negative. */
  readonly debiased: number;
}

/**
 * Linear centred kernel alignment of two matrices with rows that belong together (N × D1, N × D2, N ≥ 4), in feature space and float64:
 * ‖BᵀA‖² / (‖AᵀA‖ ‖BᵀB‖) of the column-centred matrices, and the same with each inner product debiased
 * (Kornblith et al., "Similarity of Neural Network Representations Revisited", ICML 2019, and its demo notebook).
 * The chance level is exact: linear CKA is the RV coefficient, whose mean over all permutations of the rows is
 * tr(AAᵀ) tr(BBᵀ) / ((N − 1) ‖AᵀA‖ ‖BᵀB‖) (Kazi-Aoual et al., Computational Statistics & Data Analysis 1995).
 * All three are 0 when one of the matrices has no variance.
 */
export function cka(a: Matrix, b: Matrix): Cka {
  const [left, right] = [centre(a), centre(b)];
  const [lengthsA, lengthsB] = [squaredLengths(left), squaredLengths(right)];
  const cross = squaredNorm(crossProduct(left, right));
  const own = squaredNorm(crossProduct(left, left));
  const other = squaredNorm(crossProduct(right, right));
  const norm = Math.sqrt(own * other);
  if (norm === 0) return { linear: 0, chance: 0, debiased: 0 };
  const debiasedNorm = Math.sqrt(
    Math.max(0, debias(own, lengthsA, lengthsA)) * Math.max(0, debias(other, lengthsB, lengthsB)),
  );
  return {
    linear: cross / norm,
    chance: (sum(lengthsA) * sum(lengthsB)) / ((a.rows - 1) * norm),
    debiased: debiasedNorm === 0 ? 0 : debias(cross, lengthsA, lengthsB) / debiasedNorm,
  };
}

/** z − n/(n−2) Σ aᵢbᵢ + Σa Σb / ((n−1)(n−2)), where aᵢ and bᵢ are the squared lengths of the centred rows. */
function debias(product: number, a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const diagonal = a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
  return product - (n / (n - 2)) * diagonal + (sum(a) * sum(b)) / ((n - 1) * (n - 2));
}

function centre(matrix: Matrix): Matrix {
  return subtractRow(matrix, columnMeans(matrix));
}

function squaredLengths(matrix: Matrix): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, row) => dot(rowOf(matrix, row), rowOf(matrix, row)));
}

function squaredNorm(values: Float64Array): number {
  return values.reduce((total, value) => total + value * value, 0);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
