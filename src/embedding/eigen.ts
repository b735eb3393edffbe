import { Matrix as DenseMatrix, EigenvalueDecomposition } from 'ml-matrix';

export interface Eigen {
  /** Largest first. */
  readonly values: number[];
  /** Column i is the unit eigenvector of value i; its largest element is positive. */
  readonly vectors: DenseMatrix;
}

/** Eigenvalues and eigenvectors of a symmetric matrix, `size` × `size`, row after row. */
export function symmetricEigen(flat: Float64Array, size: number): Eigen {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    DenseMatrix.from1DArray(size, size, flat),
    { assumeSymmetric: true },
  );
  const order = realEigenvalues
    .map((value, column) => ({ value, column }))
    .sort((a, b) => b.value - a.value || a.column - b.column);
  const vectors = eigenvectorMatrix.subMatrixColumn(order.map(({ column }) => column));
  for (let column = 0; column < size; column++) {
    if (largestElement(vectors.getColumn(column)) < 0) vectors.mulColumn(column, -1);
  }
  return { values: order.map(({ value }) => value), vectors };
}

/** How many leading values are more than rounding noise: above `share` of the largest. */
export function countAbove(values: readonly number[], share: number): number {
  const threshold = Math.max(0, share * (values[0] ?? 0));
  return values.filter((value) => value > threshold).length;
}

function largestElement(column: readonly number[]): number {
  return column.reduce((largest, value) => (Math.abs(value) > Math.abs(largest) ? value : largest), 0);
}
