import { breathe } from '../base/concurrency.ts';
import { crossProduct, type Matrix, rowOf, zeros } from '../base/matrix.ts';
import type { Random } from '../base/random.ts';
import { countAbove, type Eigen, symmetricEigen } from './eigen.ts';
import { addOuter, type SparseRow, timesDense } from './sparse.ts';

/** More directions than asked for make the last of those asked for accurate. */
const OVERSAMPLING = 10;
const ITERATIONS = 4;
/** A direction of the matrix whose squared length is below this share of the longest is rounding noise. */
const NEGLIGIBLE = 1e-7;
/** The same for a basis: the iteration spreads its lengths, and a spare direction does no harm. */
const NEGLIGIBLE_IN_BASIS = 1e-12;

/**
 * The leading right singular vectors of a sparse matrix, as columns of a `columns` × `rank` matrix, longest first.
 * Randomised subspace iteration (Halko, Martinsson & Tropp, SIAM Review 2011, algorithms 4.4 and 5.1). `rank` is lower
 * than asked for when the matrix has not that many directions, and at least 1: a matrix of zeros gives one column of zeros.
 */
export async function leadingDirections(
  rows: readonly SparseRow[],
  columns: number,
  rank: number,
  random: Random,
  signal?: AbortSignal,
): Promise<Matrix> {
  const width = Math.max(1, Math.min(rank + OVERSAMPLING, rows.length, columns));
  let range = orthonormal(randomRange(rows, columns, width, random));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const back = timesTransposed(rows, range, columns);
    range = orthonormal(timesAll(rows, back));
    await breathe(signal);
  }
  const projected = timesTransposed(rows, range, columns);
  const eigen = symmetricEigen(crossProduct(projected, projected), range.columns);
  return unitColumns(projected, eigen, Math.min(rank, countAbove(eigen.values, NEGLIGIBLE)));
}

function randomRange(rows: readonly SparseRow[], columns: number, width: number, random: Random): Matrix {
  const probe = zeros(columns, width);
  for (let i = 0; i < probe.data.length; i++) probe.data[i] = random.normal();
  return timesAll(rows, probe);
}

function timesAll(rows: readonly SparseRow[], dense: Matrix): Matrix {
  const product = zeros(rows.length, dense.columns);
  for (const [r, row] of rows.entries()) rowOf(product, r).set(timesDense(row, dense.data, dense.columns));
  return product;
}

function timesTransposed(rows: readonly SparseRow[], left: Matrix, columns: number): Matrix {
  const product = zeros(columns, left.columns);
  for (const [r, row] of rows.entries()) {
    addOuter(row, rowOf(left, r), product.data);
  }
  return product;
}

/** An orthonormal basis of the columns' span: Y (YᵀY)^(−1/2), without the directions that are rounding noise. */
function orthonormal(matrix: Matrix): Matrix {
  const eigen = symmetricEigen(crossProduct(matrix, matrix), matrix.columns);
  return unitColumns(matrix, eigen, countAbove(eigen.values, NEGLIGIBLE_IN_BASIS));
}

/** M · V · diag(λ)^(−1/2) for the eigenvectors V of MᵀM: its `wanted` (at least one) longest directions, of unit length. */
function unitColumns(matrix: Matrix, { values, vectors }: Eigen, wanted: number): Matrix {
  const count = Math.max(1, wanted);
  const scales = values.slice(0, count).map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
  const map = Array.from({ length: matrix.columns }, (_, i) => scales.map((scale, c) => scale * vectors.get(i, c)));
  const product = zeros(matrix.rows, count);
  for (let r = 0; r < matrix.rows; r++) {
    const out = rowOf(product, r);
    for (const [i, factors] of map.entries()) {
      const value = matrix.data[r * matrix.columns + i] ?? 0;
      if (value === 0) continue;
      for (let c = 0; c < count; c++) out[c] = (out[c] ?? 0) + value * (factors[c] ?? 0);
    }
  }
  return product;
}
