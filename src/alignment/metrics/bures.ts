import { Matrix as DenseMatrix } from 'ml-matrix';
import { columnMeans, type Matrix, subtractRow } from '../../base/matrix.ts';
import { symmetricEigen } from '../../embedding/eigen.ts';
import { centredProduct, nuclearNorm } from './moments.ts';

/** A set of vectors as a Gaussian. */
export interface Gaussian {
  readonly mean: Float64Array;
  /** F with FᵀF the covariance (n − 1): at most D rows. */
  readonly factor: DenseMatrix;
  readonly variance: number;
}

/** @param vectors N × D, N ≥ 2. O(N D²), and O(D³) for N > D. */
export function gaussianOf(vectors: Matrix): Gaussian {
  const mean = columnMeans(vectors);
  const factor = vectors.rows <= vectors.columns ? factorOfRows(vectors, mean) : factorOfCovariance(vectors);
  return { mean, factor, variance: factor.norm('frobenius') ** 2 };
}

/**
 * Squared 2-Wasserstein distance of two Gaussians, ‖μ₁ − μ₂‖² + tr S₁ + tr S₂ − 2 tr (S₁^½ S₂ S₁^½)^½ (Dowson & Landau,
 * J. Multivariate Analysis 1982). In [0, ∞). The last trace is the nuclear norm of F₁F₂ᵀ, so that no root of a
 * covariance is taken. O(r₁ r₂ (D + min(r₁, r₂))) for factors of r₁ and r₂ rows.
 */
export function squaredWasserstein(a: Gaussian, b: Gaussian): number {
  const means = a.mean.reduce((sum, value, i) => sum + (value - (b.mean[i] ?? 0)) ** 2, 0);
  const shared = nuclearNorm(a.factor.mmul(b.factor.transpose()));
  return Math.max(0, means + a.variance + b.variance - 2 * shared);
}

function factorOfRows(vectors: Matrix, mean: Float64Array): DenseMatrix {
  const { data } = subtractRow(vectors, mean);
  return DenseMatrix.from1DArray(vectors.rows, vectors.columns, data).div(Math.sqrt(vectors.rows - 1));
}

function factorOfCovariance(vectors: Matrix): DenseMatrix {
  const covariance = centredProduct(vectors, vectors).div(vectors.rows - 1);
  const { values, vectors: directions } = symmetricEigen(Float64Array.from(covariance.to1DArray()), vectors.columns);
  return directions.mulRowVector(values.map((value) => Math.sqrt(Math.max(0, value)))).transpose();
}
