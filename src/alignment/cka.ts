import type { Job } from '../base/progress.ts';
import { addMoments, type GroupedMoments, meansOf, momentsAbout, traceOf } from './maps/moments.ts';
import { momentsOfGroups } from './maps/sumOfGroups.ts';
import type { Products } from './products/pool.ts';
import { blocksOf, countRows, type Rows } from './products/rows.ts';

export interface Cka {
  /** In [0, 1]; biased upwards when there are few rows for the dimensions. */
  readonly linear: number;
  /** What `linear` would be on average if the rows of one matrix were shuffled. */
  readonly chance: number;
  /** About 0 without any relation, whatever the number of rows; can be slightly negative. */
  readonly debiased: number;
}

/**
 * Linear centred kernel alignment of two matrices with rows that belong together (N × D1, N × D2, N ≥ 4, in shared
 * memory), in feature space: ‖BᵀA‖² / (‖AᵀA‖ ‖BᵀB‖) of the column-centred matrices, and the same with each inner product
 * debiased (Kornblith et al., "Similarity of Neural Network Representations Revisited", ICML 2019, and its demo notebook).
 * The chance level is exact: linear CKA is the RV coefficient, whose mean over all permutations of the rows is
 * tr(AAᵀ) tr(BBᵀ) / ((N − 1) ‖AᵀA‖ ‖BᵀB‖) (Kazi-Aoual et al., Computational Statistics & Data Analysis 1995).
 * All three are 0 when one of the matrices has no variance. O(N (D1 + D2)²).
 */
export async function cka(products: Products, a: Rows, b: Rows, job: Job = {}): Promise<Cka> {
  const groupOf = new Uint32Array(countRows(a));
  return ckaOfMoments(await momentsOfGroups(products, { x: a, y: b, groupOf, groups: 1 }, job), a, b);
}

/** The same from the moments of these rows, in whatever groups. O(N (D1 + D2)) for the lengths of the rows. */
export function ckaOfMoments({ originX, originY, groups }: GroupedMoments, a: Rows, b: Rows): Cka {
  const moments = addMoments(groups);
  const means = meansOf(moments);
  const { xx, xy, yy } = momentsAbout(moments, means);
  const lengthsA = squaredLengths(a, plus(originX, means.x));
  const lengthsB = squaredLengths(b, plus(originY, means.y));
  const [cross, own, other] = [squaredNorm(xy), squaredNorm(xx), squaredNorm(yy)];
  const norm = Math.sqrt(own * other);
  if (norm === 0) return { linear: 0, chance: 0, debiased: 0 };
  const debiasedNorm = Math.sqrt(
    Math.max(0, debias(own, lengthsA, lengthsA)) * Math.max(0, debias(other, lengthsB, lengthsB)),
  );
  return {
    linear: cross / norm,
    chance: (traceOf(xx, means.x.length) * traceOf(yy, means.y.length)) / ((moments.count - 1) * norm),
    debiased: debiasedNorm === 0 ? 0 : debias(cross, lengthsA, lengthsB) / debiasedNorm,
  };
}

/** z − n/(n−2) Σ aᵢbᵢ + Σa Σb / ((n−1)(n−2)), where aᵢ and bᵢ are the squared lengths of the centred rows. */
function debias(product: number, a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const diagonal = a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
  return product - (n / (n - 2)) * diagonal + (sum(a) * sum(b)) / ((n - 1) * (n - 2));
}

function squaredLengths(rows: Rows, mean: Float64Array): Float64Array {
  const lengths = new Float64Array(countRows(rows));
  let row = 0;
  for (const { columns, data } of blocksOf(rows)) {
    for (let start = 0; start < data.length; start += columns, row++) {
      let squares = 0;
      for (let c = 0; c < columns; c++) squares += ((data[start + c] ?? 0) - (mean[c] ?? 0)) ** 2;
      lengths[row] = squares;
    }
  }
  return lengths;
}

function plus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + (b[i] ?? 0));
}

function squaredNorm(values: Float64Array): number {
  return values.reduce((total, value) => total + value * value, 0);
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
