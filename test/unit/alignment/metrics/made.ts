import { Matrix as DenseMatrix, QrDecomposition } from 'ml-matrix';
import { isMeasured, type Measured } from '../../../../src/alignment/metrics/measured.ts';
import { fromRows, type Matrix } from '../../../../src/base/matrix.ts';
import { Random } from '../../../../src/base/random.ts';

/** Independent standard normal numbers. */
export function gaussian(rows: number, columns: number, seed: number): Matrix {
  const random = Random.of(seed, 'gaussian');
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => random.normal()) };
}

/** The rows turned by a random rotation. */
export function rotate(matrix: Matrix, seed: number): Matrix {
  const square = gaussian(matrix.columns, matrix.columns, seed);
  const rotation = new QrDecomposition(DenseMatrix.from1DArray(square.rows, square.columns, square.data))
    .orthogonalMatrix;
  return fromRows(DenseMatrix.from1DArray(matrix.rows, matrix.columns, matrix.data).mmul(rotation).to2DArray());
}

export function scale(matrix: Matrix, factor: number): Matrix {
  return { ...matrix, data: matrix.data.map((value) => factor * value) };
}

export function add(a: Matrix, b: Matrix): Matrix {
  return { ...a, data: a.data.map((value, at) => value + (b.data[at] ?? 0)) };
}

/** Rows that are all the same. */
export function constant(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float32Array(rows * columns).fill(0.3) };
}

export function shuffledRows(rows: number, seed: number): number[] {
  return Random.of(seed, 'order').shuffle([...Array(rows).keys()]);
}

export function measured<T extends object>(result: Measured<T>): T {
  if (!isMeasured(result)) throw new Error(`Expected a number but got: ${result.reason}`);
  return result;
}
