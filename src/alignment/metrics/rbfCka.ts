import { dot, type Matrix, rowOf } from '../../base/matrix.ts';
import type { Measured } from './measured.ts';

/** Bandwidth of the kernel as a share of the median distance of two rows. */
const BANDWIDTH = 0.5;
const FEWEST_ROWS = 4;
/** Below this share of the biased norm, the debiased one is rounding noise: all rows are equally far apart. */
const ROUNDING = 1e-12;

export interface RbfCka {
  /** In [0, 1]; biased upwards when there are few rows. */
  readonly value: number;
  /** What `value` would be on average if the rows of one matrix were shuffled, exactly. */
  readonly chance: number;
  /** 0 on average over all shuffles, whatever the number of rows; can be slightly negative. */
  readonly debiased: number;
}

/**
 * Centred kernel alignment with Gaussian kernels exp(−‖x − x′‖² / 2σ²), σ = half the median distance of two rows
 * (Kornblith et al., "Similarity of Neural Network Representations Revisited", ICML 2019; the median is over pairs of
 * different rows): ⟨K, L⟩ / (‖K‖ ‖L‖) of the centred kernels, 1 for equal geometry. Unlike linear CKA it looks at
 * near neighbours, so it sees curved relations too. Invariant to rotation and scale of either side. The debiased form
 * uses the unbiased inner product of Song et al. (JMLR 2012). The chance level is tr K tr L / ((N − 1) ‖K‖ ‖L‖), the
 * mean over all permutations, as for linear CKA. O(N² D) time, 8 N² bytes: for at most about 2,000 rows.
 *
 * @param a N × D1, N ≥ 4, rows that belong together with those of `b` (N × D2)
 */
export function rbfCka(a: Matrix, b: Matrix): Measured<RbfCka> {
  if (a.rows < FEWEST_ROWS) return { reason: `CKA needs at least ${FEWEST_ROWS} pairs, and there are ${a.rows}.` };
  const [left, right] = [gaussianKernel(a), gaussianKernel(b)];
  if (left === undefined || right === undefined) {
    return { reason: 'At least half of the vectors of one modality are equal, so their kernel has no bandwidth.' };
  }
  const norm = Math.sqrt(centredProduct(left, left) * centredProduct(right, right));
  const debiasedNorm = Math.sqrt(Math.max(0, unbiasedProduct(left, left)) * Math.max(0, unbiasedProduct(right, right)));
  return {
    value: Math.min(1, centredProduct(left, right) / norm),
    chance: (centredTrace(left) * centredTrace(right)) / ((a.rows - 1) * norm),
    debiased: debiasedNorm <= ROUNDING * norm ? 0 : unbiasedProduct(left, right) / debiasedNorm,
  };
}

/** A symmetric kernel with ones on its diagonal. */
interface Kernel {
  readonly rows: number;
  /** The elements above the diagonal, row after row. */
  readonly upper: Float64Array;
  /** Sums of each row without its diagonal element. */
  readonly sums: Float64Array;
  readonly total: number;
}

/** `undefined` when the median distance is 0. */
function gaussianKernel(matrix: Matrix): Kernel | undefined {
  const { rows } = matrix;
  const squares = squaredDistances(matrix);
  const middle = middleOf(squares.map(Math.sqrt).sort());
  if (middle === 0) return undefined;
  const upper = squares.map((square) => Math.exp(-square / (2 * (BANDWIDTH * middle) ** 2)));
  const sums = new Float64Array(rows);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      const value = upper[at++] ?? 0;
      sums[i] = (sums[i] ?? 0) + value;
      sums[j] = (sums[j] ?? 0) + value;
    }
  }
  return { rows, upper, sums, total: sums.reduce((sum, value) => sum + value, 0) };
}

function squaredDistances(matrix: Matrix): Float64Array {
  const { rows } = matrix;
  const lengths = Float64Array.from({ length: rows }, (_, i) => dot(rowOf(matrix, i), rowOf(matrix, i)));
  const squares = new Float64Array((rows * (rows - 1)) / 2);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    const row = rowOf(matrix, i);
    for (let j = i + 1; j < rows; j++) {
      squares[at++] = Math.max(0, (lengths[i] ?? 0) + (lengths[j] ?? 0) - 2 * dot(row, rowOf(matrix, j)));
    }
  }
  return squares;
}

function middleOf(sorted: Float64Array): number {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** ⟨HKH, HLH⟩ with the centring matrix H. */
function centredProduct(k: Kernel, l: Kernel): number {
  const n = k.rows;
  const rows = k.sums.reduce((sum, value, i) => sum + (value + 1) * ((l.sums[i] ?? 0) + 1), 0);
  return n + offDiagonalProduct(k, l) - (2 / n) * rows + ((k.total + n) * (l.total + n)) / (n * n);
}

function centredTrace(k: Kernel): number {
  return k.rows - (k.total + k.rows) / k.rows;
}

/** n (n − 3) times the unbiased estimate of HSIC: the diagonals play no part. */
function unbiasedProduct(k: Kernel, l: Kernel): number {
  const n = k.rows;
  const rows = k.sums.reduce((sum, value, i) => sum + value * (l.sums[i] ?? 0), 0);
  return offDiagonalProduct(k, l) + (k.total * l.total) / ((n - 1) * (n - 2)) - (2 / (n - 2)) * rows;
}

function offDiagonalProduct(k: Kernel, l: Kernel): number {
  return 2 * k.upper.reduce((sum, value, at) => sum + value * (l.upper[at] ?? 0), 0);
}
