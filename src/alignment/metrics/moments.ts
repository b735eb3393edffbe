import { Matrix as DenseMatrix, SingularValueDecomposition } from 'ml-matrix';
import { columnMeans, crossProduct, dot, type Matrix, rowOf } from '../../base/matrix.ts';

/** Below this share of the squares, a sum of squares about the mean is rounding noise: the rows are equal. */
export const ROUNDING = 1e-12;

/**
 * AᵀB of the column-centred matrices with rows that belong together (N × D1, N × D2), summed in float64: D1 × D2.
 * O(N D1 D2).
 */
export function centredProduct(a: Matrix, b: Matrix): DenseMatrix {
  const product = crossProduct(a, b);
  const [meansA, meansB] = [columnMeans(a), columnMeans(b)];
  for (let i = 0; i < a.columns; i++) {
    for (let j = 0; j < b.columns; j++) {
      const at = i * b.columns + j;
      product[at] = (product[at] ?? 0) - a.rows * ((meansA[i] ?? 0) * (meansB[j] ?? 0));
    }
  }
  return DenseMatrix.from1DArray(a.columns, b.columns, product);
}

/** Sum over the columns of their squared distances from the mean: N − 1 times the total variance. 0 for equal rows. */
export function totalScatter(matrix: Matrix): number {
  const means = columnMeans(matrix);
  let [scatter, squares] = [0, 0];
  for (let r = 0; r < matrix.rows; r++) {
    const row = rowOf(matrix, r);
    squares += dot(row, row);
    for (let c = 0; c < row.length; c++) scatter += ((row[c] ?? 0) - (means[c] ?? 0)) ** 2;
  }
  return scatter <= ROUNDING * squares ? 0 : scatter;
}

/** Sum of the singular values. O(rows · columns · min(rows, columns)). */
export function nuclearNorm(matrix: DenseMatrix): number {
  if (matrix.rows === 0 || matrix.columns === 0) return 0;
  const { diagonal } = new SingularValueDecomposition(matrix, {
    autoTranspose: true,
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
  });
  return diagonal.reduce((sum, value) => sum + value, 0);
}
