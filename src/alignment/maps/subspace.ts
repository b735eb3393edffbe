import { Random } from '../../base/random.ts';
import { symmetricEigen } from '../../embedding/eigen.ts';
import { type Dense, dense, timesTransposed, transposed } from './dense.ts';

/** More directions than asked for make the last of those asked for accurate. */
const OVERSAMPLING = 12;
const MAX_ITERATIONS = 500;

export interface LeadingEigen {
  /** Largest first. */
  readonly values: readonly number[];
  /** A unit vector for each value; its largest element is positive. */
  readonly vectors: readonly Float64Array[];
}

/**
 * The `count` largest eigenvalues of a symmetric matrix without negative ones (`size` × `size`, row after row), by
 * subspace iteration from a fixed start and a Rayleigh–Ritz step (Golub & Van Loan, "Matrix Computations", §8.2). Ends
 * when the sum of the values grows by less than a share of `tolerance`.
 */
export function leadingEigen(square: Float64Array, size: number, count: number, tolerance = 1e-12): LeadingEigen {
  const matrix = dense(size, size, square);
  const random = Random.of(0, 'subspace');
  const start = dense(Math.min(size, count + OVERSAMPLING), size);
  let basis = orthonormalRows({ ...start, data: start.data.map(() => random.normal()) });
  let images = timesTransposed(basis, matrix);
  for (let [iteration, captured] = [0, 0]; iteration < MAX_ITERATIONS && basis.rows < size; iteration++) {
    const sum = dot(basis.data, images.data);
    if (sum - captured <= tolerance * sum) break;
    captured = sum;
    basis = orthonormalRows(images);
    images = timesTransposed(basis, matrix);
  }
  return ritz(basis, images, Math.min(count, size));
}

/** The eigenvectors within the span of the basis, of which the images under the matrix are given. */
function ritz(basis: Dense, images: Dense, count: number): LeadingEigen {
  const { values, vectors } = symmetricEigen(timesTransposed(basis, images).data, basis.rows);
  const factors = dense(
    count,
    basis.rows,
    Float64Array.from(vectors.subMatrixColumn(range(count)).transpose().to1DArray()),
  );
  const found = timesTransposed(factors, transposed(basis));
  return { values: values.slice(0, count), vectors: range(count).map((row) => signed(rowOf(found, row))) };
}

function signed(vector: Float64Array): Float64Array {
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}

/** Gram–Schmidt, each direction twice. A row within the span of those before it becomes zeros. */
function orthonormalRows(rows: Dense): Dense {
  const basis = { ...rows, data: rows.data.slice() };
  for (let i = 0; i < basis.rows; i++) {
    const row = rowOf(basis, i);
    const before = Math.sqrt(dot(row, row));
    for (let j = 0; j < 2 * i; j++) {
      const other = rowOf(basis, j % i);
      addScaled(row, other, -dot(row, other));
    }
    const length = Math.sqrt(dot(row, row));
    scaleBy(row, length > 1e-12 * before ? 1 / length : 0);
  }
  return basis;
}

function rowOf({ columns, data }: Dense, row: number): Float64Array {
  return data.subarray(row * columns, (row + 1) * columns);
}

/** Four sums, so that none waits for the one before. */
function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < a.length; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (; i < a.length; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + (s2 + s3);
}

function addScaled(sum: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + factor * (vector[i] ?? 0);
}

function scaleBy(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * factor;
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
