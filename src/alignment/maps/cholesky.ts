/**
 * L⁻¹ of the symmetric positive definite matrix A = LLᵀ (`size` × `size`, row after row), so that A⁻¹ = L⁻ᵀL⁻¹. In
 * float64; about 2/3 size³ operations.
 */
export function inverseFactor(square: Float64Array, size: number): Float64Array {
  return invertLower(factor(square, size), size);
}

/** L, lower triangular. Four columns are eliminated from a row at a time, so that sums do not wait for each other. */
function factor(square: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const value = (square[row + j] ?? 0) - dotRows(lower, row, j * size, j);
      lower[row + j] = i === j ? Math.sqrt(value) : value / (lower[j * size + j] ?? 1);
    }
  }
  return lower;
}

function dotRows(values: Float64Array, a: number, b: number, length: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += (values[a + k] ?? 0) * (values[b + k] ?? 0);
    s1 += (values[a + k + 1] ?? 0) * (values[b + k + 1] ?? 0);
    s2 += (values[a + k + 2] ?? 0) * (values[b + k + 2] ?? 0);
    s3 += (values[a + k + 3] ?? 0) * (values[b + k + 3] ?? 0);
  }
  for (; k < length; k++) s0 += (values[a + k] ?? 0) * (values[b + k] ?? 0);
  return s0 + s1 + (s2 + s3);
}

/** Row i of L⁻¹ is eᵢ minus the rows before it times row i of L, over its diagonal element. Four rows at a time. */
function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    let k = 0;
    for (; k + 3 < i; k += 4) {
      const [f0, f1, f2, f3] = [
        lower[row + k] ?? 0,
        lower[row + k + 1] ?? 0,
        lower[row + k + 2] ?? 0,
        lower[row + k + 3] ?? 0,
      ];
      const [r0, r1, r2, r3] = [k * size, (k + 1) * size, (k + 2) * size, (k + 3) * size];
      for (let j = 0; j < k + 4; j++) {
        const sum =
          f0 * (inverse[r0 + j] ?? 0) +
          f1 * (inverse[r1 + j] ?? 0) +
          (f2 * (inverse[r2 + j] ?? 0) + f3 * (inverse[r3 + j] ?? 0));
        inverse[row + j] = (inverse[row + j] ?? 0) - sum;
      }
    }
    for (; k < i; k++) {
      const f = lower[row + k] ?? 0;
      for (let j = 0; j <= k; j++) inverse[row + j] = (inverse[row + j] ?? 0) - f * (inverse[k * size + j] ?? 0);
    }
    const diagonal = lower[row + i] ?? 1;
    inverse[row + i] = 1;
    for (let j = 0; j <= i; j++) inverse[row + j] = (inverse[row + j] ?? 0) / diagonal;
  }
  return inverse;
}
