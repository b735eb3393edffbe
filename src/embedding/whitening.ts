import { columnMeans, crossProduct, dot, type Matrix, rowOf, subtractRow, zeros } from '../base/matrix.ts';
import { countAbove, symmetricEigen } from './eigen.ts';

/** An affine map from features to a short vector of their main directions. */
export interface FittedDirections {
  readonly dimensions: number;
  /** Subtracted first. */
  readonly mean: Float64Array;
  /** `dimensions` × features: the eigenvectors, scaled. */
  readonly map: Matrix;
  /** One feature vector → `dimensions` numbers. */
  apply(features: Float32Array): Float32Array;
}

/** Directions with less variance than this share of the largest are rounding noise and are dropped. */
const NEGLIGIBLE = 1e-6;

/**
 * PCA whitening, z = (λ + ε)^(−1/2) Uᵀ(x − μ), where λ are the eigenvalues of the covariance of the rows and U its
 * eigenvectors, largest first, at most `dimensions` of them. ε is `floor` times the mean of the kept λ, so that
 * directions of tiny variance stay small instead of being blown up to noise of unit variance
 * (Coates, Lee & Ng, AISTATS 2011, §3.1; Kessy et al., The American Statistician 2018, for whitening itself).
 *
 * Rows that are all equal leave no direction: the map then gives one number, 0.
 */
export function fitWhitening(rows: Matrix, dimensions: number, floor: number): FittedDirections {
  return fitDirections(rows, dimensions, (kept) => {
    const epsilon = (floor * kept.reduce((sum, value) => sum + value, 0)) / Math.max(1, kept.length);
    return (value) => Math.sqrt(value + epsilon);
  });
}

/** PCA, z = Uᵀ(x − μ), with U and μ as in {@link fitWhitening}: every direction keeps the variance that it has. */
export function fitPrincipalDirections(rows: Matrix, dimensions: number): FittedDirections {
  return fitDirections(rows, dimensions, () => () => 1);
}

/** @param divisorFor of the kept λ: what the direction of each is divided by */
function fitDirections(
  rows: Matrix,
  dimensions: number,
  divisorFor: (kept: readonly number[]) => (value: number) => number,
): FittedDirections {
  const mean = columnMeans(rows);
  const { values, vectors } = symmetricEigen(covarianceOf(rows, mean), rows.columns);
  const kept = values.slice(0, Math.min(dimensions, countAbove(values, NEGLIGIBLE)));
  const divisorOf = divisorFor([...kept]);
  const map = zeros(Math.max(1, kept.length), rows.columns);
  for (const [d, value] of kept.entries()) {
    rowOf(map, d).set(vectors.getColumn(d).map((element) => element / divisorOf(value)));
  }
  return {
    dimensions: map.rows,
    mean,
    map,
    apply(features) {
      const centred = Float32Array.from(features, (value, c) => value - (mean[c] ?? 0));
      return Float32Array.from({ length: map.rows }, (_, row) => dot(rowOf(map, row), centred));
    },
  };
}

function covarianceOf(rows: Matrix, mean: Float64Array): Float64Array {
  const centred = subtractRow(rows, mean);
  return crossProduct(centred, centred).map((sum) => sum / Math.max(1, rows.rows - 1));
}
