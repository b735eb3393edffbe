import type { Matrix } from '../../base/matrix.ts';
import { inverseFactor } from './cholesky.ts';
import { dense } from './dense.ts';
import { traceOf } from './moments.ts';

/** The same numbers in float32, as products on WebAssembly take them. */
export function asMatrix(values: Float64Array, rows: number): Matrix {
  return { rows, columns: values.length / Math.max(1, rows), data: Float32Array.from(values) };
}

/**
 * L⁻¹ of A + λσ²I = LLᵀ for a symmetric matrix without negative eigenvalues; σ² is the mean of its diagonal. Undefined
 * when that is 0.
 */
export function regularRoot(square: Float64Array, size: number, strength: number): Matrix | undefined {
  const meanVariance = traceOf(square, size) / size;
  if (meanVariance <= 0) return undefined;
  const regular = dense(size, size, square.slice());
  for (let at = 0; at < regular.data.length; at += size + 1) {
    regular.data[at] = (regular.data[at] ?? 0) + strength * meanVariance;
  }
  return asMatrix(inverseFactor(regular).data, size);
}
