import { dot, type Matrix, rowOf, rowProducts, unitRows } from '../../base/matrix.ts';
import { asUnits, blocksOf, countRows, meanOf, type Rows } from '../products/rows.ts';
import type { Measured } from './measured.ts';

const BLOCK = 64;

export interface PairAlignment {
  readonly value: number;
  /** What it would be on average if the partners were shuffled, exactly. */
  readonly chance: number;
}

/**
 * Mean squared distance of partners on the sphere, mean ‖uᵢ − vᵢ‖² = 2 − 2 mean cos (Wang & Isola, "Understanding
 * Contrastive Representation Learning through Alignment and Uniformity on the Hypersphere", ICML 2020, α = 2). In
 * [0, 4], lower is better, no sample-size bias; near 0 also for a collapsed space, so read it beside
 * {@link uniformity}. The chance level is the mean over all pairings, 2 − 2 ū·v̄. O(N D). A row of zeros counts as at
 * right angles to all others.
 *
 * @param first N × D, rows that belong together with those of `second`; they need not be of unit length
 */
export function pairAlignment(first: Rows, second: Rows): Measured<PairAlignment> {
  const rows = countRows(first);
  if (rows === 0) return { reason: 'There are no pairs to compare.' };
  let cosines = 0;
  const others = blocksOf(second);
  for (const block of blocksOf(first)) {
    const other = others.next().value ?? block;
    for (let row = 0; row < block.rows; row++) cosines += cosine(rowOf(block, row), rowOf(other, row));
  }
  const [left, right] = [meanOf(asUnits(first)), meanOf(asUnits(second))];
  const shuffled = left.reduce((sum, value, column) => sum + value * (right[column] ?? 0), 0);
  return { value: 2 - (2 * cosines) / rows, chance: 2 - 2 * shuffled };
}

/**
 * How evenly unit vectors fill the sphere: log mean over i < j of exp(−2 ‖uᵢ − uⱼ‖²) (Wang & Isola, ICML 2020, t = 2).
 * In [−8, 0], lower is more even, 0 when all are equal; {@link uniformityOfSphere} for an even sphere. Nearly unbiased
 * for small N. Exact, O(N² D) time and O(N) memory. A row of zeros counts as at right angles to all others.
 *
 * @param vectors N × D, N ≥ 2; rows need not be of unit length
 */
export function uniformity(vectors: Matrix): Measured<{ value: number }> {
  const { rows } = vectors;
  if (rows < 2) return { reason: `Uniformity needs at least 2 vectors, and there are ${rows}.` };
  const unit = unitRows(vectors);
  const products = new Float32Array(BLOCK * rows);
  let total = 0;
  for (let from = 0; from < rows; from += BLOCK) {
    const to = Math.min(rows, from + BLOCK);
    rowProducts(unit, from, to, unit, products);
    for (let i = from; i < to; i++) {
      for (let j = i + 1; j < rows; j++) total += Math.exp(4 * (products[(i - from) * rows + j] ?? 0) - 4);
    }
  }
  return { value: Math.min(0, Math.log((2 * total) / (rows * (rows - 1)))) };
}

/**
 * The uniformity of vectors spread evenly over the sphere of `dimensions` dimensions, exactly: log of
 * e⁻⁴ ₀F₁(; D / 2; 4), the mean of exp(4 cos − 4) over the sphere. About −4 + 8 / D.
 */
export function uniformityOfSphere(dimensions: number): number {
  let [sum, term] = [1, 1];
  for (let k = 0; term > 1e-16 * sum; k++) {
    term *= 4 / ((k + 1) * (dimensions / 2 + k));
    sum += term;
  }
  return Math.log(sum) - 4;
}

function cosine(a: Float32Array, b: Float32Array): number {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths === 0 ? 0 : dot(a, b) / lengths;
}
