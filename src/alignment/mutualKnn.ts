import { breathe } from '../base/concurrency.ts';
import { type Matrix, rowProducts, unitRows } from '../base/matrix.ts';
import type { Job } from '../base/progress.ts';
import { topIndices } from './top.ts';

const BLOCK = 64;

/**
 * Mutual k-nearest-neighbour score of two matrices with rows that belong together: the mean share of the k nearest
 * neighbours of a row (by cosine, without itself) that are the same rows in both (Huh et al., "The Platonic
 * Representation Hypothesis", ICML 2024). In [0, 1]; by chance {@link mutualKnnChance}. O(N² D) time, O(N) memory.
 */
export async function mutualKnn(a: Matrix, b: Matrix, neighbours: number, job: Job = {}): Promise<number> {
  const [left, right] = [unitRows(a), unitRows(b)];
  const [productsA, productsB] = [new Float32Array(BLOCK * a.rows), new Float32Array(BLOCK * b.rows)];
  let shared = 0;
  for (let from = 0; from < a.rows; from += BLOCK) {
    const to = Math.min(a.rows, from + BLOCK);
    rowProducts(left, from, to, left, productsA);
    rowProducts(right, from, to, right, productsB);
    for (let row = from; row < to; row++) {
      const nearest = new Set(neighboursOf(productsA, row, from, a.rows, neighbours));
      for (const other of neighboursOf(productsB, row, from, b.rows, neighbours)) if (nearest.has(other)) shared++;
    }
    await breathe(job.signal);
    job.progress?.({ stage: 'comparing neighbourhoods', done: to, total: a.rows });
  }
  return shared / (a.rows * neighbours);
}

/** The score of two unrelated matrices: k / (N − 1). */
export function mutualKnnChance(rows: number, neighbours: number): number {
  return neighbours / (rows - 1);
}

function neighboursOf(products: Float32Array, row: number, from: number, rows: number, count: number): number[] {
  const own = products.subarray((row - from) * rows, (row - from + 1) * rows);
  own[row] = Number.NEGATIVE_INFINITY;
  return topIndices(own, count);
}
