import type { Matrix } from '../../base/matrix.ts';

/** The same numbers in float32, as products on WebAssembly take them. */
export function asMatrix(values: Float64Array, rows: number): Matrix {
  return { rows, columns: values.length / Math.max(1, rows), data: Float32Array.from(values) };
}

/** A square matrix with `added` on its diagonal. */
export function withDiagonal(square: Float64Array, size: number, added: number): Float64Array {
  const sum = square.slice();
  for (let at = 0; at < sum.length; at += size + 1) sum[at] = (sum[at] ?? 0) + added;
  return sum;
}
