import { type Matrix, rowOf } from '../../base/matrix.ts';

/** Some rows of a matrix, in their order; all of them when they are not listed. Threads share its memory. */
export interface Rows {
  readonly matrix: Matrix;
  readonly listed?: Uint32Array;
}

/** Zeros that threads share without a copy. */
export function sharedZeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float32Array(new SharedArrayBuffer(4 * rows * columns)) };
}

/** The matrix itself when threads can share it, otherwise a copy that they can. */
export function shared(matrix: Matrix): Matrix {
  if (matrix.data.buffer instanceof SharedArrayBuffer) return matrix;
  const copy = sharedZeros(matrix.rows, matrix.columns);
  copy.data.set(matrix.data);
  return copy;
}

export function countRows({ matrix, listed }: Rows): number {
  return listed?.length ?? matrix.rows;
}

/** The rows `from`…`to` − 1 one after the other; a view when they lie so. */
export function gather({ matrix, listed }: Rows, from: number, to: number): Matrix {
  const { columns } = matrix;
  if (listed === undefined) {
    return { rows: to - from, columns, data: matrix.data.subarray(from * columns, to * columns) };
  }
  const data = new Float32Array((to - from) * columns);
  for (let i = from; i < to; i++) data.set(rowOf(matrix, listed[i] ?? 0), (i - from) * columns);
  return { rows: to - from, columns, data };
}

/** Some of the rows, by their place among them. */
export function pickRows({ matrix, listed }: Rows, places: Uint32Array): Rows {
  return { matrix, listed: listed === undefined ? places : places.map((place) => listed[place] ?? 0) };
}
