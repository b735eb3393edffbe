import { blockOf, type Dense, dense, lowerGram, timesTransposed, transposed } from './dense.ts';

/** Below this size a block is factored element by element. */
const SMALL = 32;

/**
 * L⁻¹ of a symmetric positive definite matrix A = LLᵀ, so that A⁻¹ = L⁻ᵀL⁻¹, in float64; of A only the lower half is read.
 * By halves, so that nearly all of its about 2/3 size³ operations are products of matrices: with A = [B Cᵀ; C D],
 * W = C L_B⁻ᵀ and the Schur complement S = D − WWᵀ, L⁻¹ = [L_B⁻¹ 0; −L_S⁻¹ W L_B⁻¹  L_S⁻¹] (Golub & Van Loan, "Matrix
 * Computations", §4.2).
 */
export function inverseFactor(square: Dense): Dense {
  const { rows: size } = square;
  if (size <= SMALL) return invertedLower(lowerFactor(square));
  const half = size >> 1;
  const upper = inverseFactor(blockOf(square, 0, half, 0, half));
  const w = timesTransposed(blockOf(square, half, size, 0, half), upper);
  const schur = blockOf(square, half, size, half, size);
  const taken = lowerGram(w).data;
  for (let i = 0; i < taken.length; i++) schur.data[i] = (schur.data[i] ?? 0) - (taken[i] ?? 0);
  const lower = inverseFactor(schur);
  // L_S⁻¹ (W L_B⁻¹) with its right factors turned round, as the product takes them.
  const corner = timesTransposed(lower, timesTransposed(transposed(upper), w));
  const inverse = lowerTriangle(size);
  for (let r = 0; r < half; r++) inverse.data.set(rowOf(upper, r), r * size);
  for (let r = 0; r < size - half; r++) {
    const start = (half + r) * size;
    for (let c = 0; c < half; c++) inverse.data[start + c] = -(corner.data[r * half + c] ?? 0);
    inverse.data.set(rowOf(lower, r), start + half);
  }
  return inverse;
}

function lowerTriangle(size: number): Dense {
  return dense(size, size, undefined, 'lower');
}

function rowOf({ columns, data }: Dense, row: number): Float64Array {
  return data.subarray(row * columns, (row + 1) * columns);
}

function lowerFactor({ rows: size, data }: Dense): Dense {
  const lower = lowerTriangle(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let value = data[i * size + j] ?? 0;
      for (let k = 0; k < j; k++) value -= (lower.data[i * size + k] ?? 0) * (lower.data[j * size + k] ?? 0);
      lower.data[i * size + j] = i === j ? Math.sqrt(value) : value / (lower.data[j * size + j] ?? 1);
    }
  }
  return lower;
}

function invertedLower({ rows: size, data }: Dense): Dense {
  const inverse = lowerTriangle(size);
  for (let i = 0; i < size; i++) {
    const diagonal = data[i * size + i] ?? 1;
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += (data[i * size + k] ?? 0) * (inverse.data[k * size + j] ?? 0);
      inverse.data[i * size + j] = -sum / diagonal;
    }
    inverse.data[i * size + i] = 1 / diagonal;
  }
  return inverse;
}
