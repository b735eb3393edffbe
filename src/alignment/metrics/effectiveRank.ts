import { columnMeans, type Matrix, rowProducts, subtractRow } from '../../base/matrix.ts';
import { symmetricEigen } from '../../embedding/eigen.ts';
import type { Measured } from './measured.ts';
import { centredProduct, totalScatter } from './moments.ts';

/**
 * How many dimensions a set really uses: exp of the entropy of its covariance's eigenvalues as shares of their sum
 * (Roy & Vetterli, "The Effective Rank", EUSIPCO 2007, with variances instead of singular values). In
 * [1, min(D, N − 1)]; low means that a few directions carry everything. Too low for few rows: it needs N well above D.
 * O(N D min(N, D) + min(N, D)³).
 *
 * @param vectors N × D
 */
export function effectiveRank(vectors: Matrix): Measured<{ value: number }> {
  if (totalScatter(vectors) === 0) return { reason: 'All vectors are equal, so they span no dimension.' };
  const values = variances(vectors).filter((value) => value > 0);
  const total = values.reduce((sum, value) => sum + value, 0);
  const entropy = values.reduce((sum, value) => sum - (value / total) * Math.log(value / total), 0);
  return { value: Math.exp(entropy) };
}

/** The eigenvalues of the scatter matrix; fewer rows than columns give the same ones with less work. */
function variances(vectors: Matrix): number[] {
  const { rows, columns } = vectors;
  if (rows >= columns) {
    return symmetricEigen(Float64Array.from(centredProduct(vectors, vectors).to1DArray()), columns).values;
  }
  const centred = subtractRow(vectors, columnMeans(vectors));
  const products = new Float32Array(rows * rows);
  rowProducts(centred, 0, rows, centred, products);
  return symmetricEigen(Float64Array.from(products), rows).values;
}
