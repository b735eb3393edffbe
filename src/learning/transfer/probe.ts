import { CholeskyDecomposition, Matrix as DenseMatrix } from 'ml-matrix';
import { columnMeans, crossProduct, dot, type Matrix, rowOf, subtractRow, zeros } from '../../base/matrix.ts';

/** Ridge penalty, as a share of the mean variance of a feature. */
const PENALTY = 1e-2;

/** Features with their classes, which are 0 … K − 1. */
export interface Labelled {
  /** N × D. */
  readonly features: Matrix;
  readonly labels: readonly number[];
}

/**
 * How well a linear map tells the classes apart: the share of the tested features whose class has the largest output of a
 * ridge regression (Hoerl & Kennard 1970) of one-hot labels on the fitted features. In [0, 1]. In float64;
 * O(N D (D + K) + D³).
 */
export function linearProbe(fitted: Labelled, tested: Labelled, classes: number): number {
  const origin = columnMeans(fitted.features);
  const centred = subtractRow(fitted.features, origin);
  const width = centred.columns;
  const gram = DenseMatrix.from1DArray(width, width, crossProduct(centred, centred));
  const penalty = (PENALTY * gram.trace()) / width || 1;
  const targets = centredLabels(fitted.labels, classes);
  const products = DenseMatrix.from1DArray(width, classes, crossProduct(centred, targets));
  const weights = new CholeskyDecomposition(gram.add(DenseMatrix.eye(width, width, penalty))).solve(products);
  const columns = weights
    .transpose()
    .to2DArray()
    .map((column) => Float32Array.from(column));
  const shares = columnMeans(oneHot(fitted.labels, classes));
  const queries = subtractRow(tested.features, origin);
  const right = tested.labels.filter((label, row) => {
    const query = rowOf(queries, row);
    const scores = columns.map((column, k) => dot(query, column) + (shares[k] ?? 0));
    return scores.indexOf(Math.max(...scores)) === label;
  });
  return right.length / tested.labels.length;
}

function centredLabels(labels: readonly number[], classes: number): Matrix {
  const matrix = oneHot(labels, classes);
  return subtractRow(matrix, columnMeans(matrix));
}

function oneHot(labels: readonly number[], classes: number): Matrix {
  const matrix = zeros(labels.length, classes);
  for (const [row, label] of labels.entries()) matrix.data[row * classes + label] = 1;
  return matrix;
}
