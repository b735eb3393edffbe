import type { Job } from '../base/progress.ts';
import { unitShared } from './maps/mapping.ts';
import type { Products } from './products/pool.ts';
import type { Rows } from './products/rows.ts';
import { compareRows, sharedNeighbours } from './products/withinPass.ts';

/**
 * Mutual k-nearest-neighbour score of two matrices (in shared memory) with rows that belong together: the mean share of the k nearest
 * neighbours of a row (by cosine, without itself) that are the same rows in both (Huh et al., "The Platonic
 * Representation Hypothesis", ICML 2024). In [0, 1]; by chance {@link mutualKnnChance}. O(N² D) time, O(N k) memory.
 */
export async function mutualKnn(
  products: Products,
  a: Rows,
  b: Rows,
  neighbours: number,
  job: Job = {},
): Promise<number> {
  const nearest = async (rows: Rows) => {
    const unit = { matrix: await unitShared(products, rows, job) };
    return (await compareRows(products, { rows: unit, nearest: neighbours }, job)).nearest;
  };
  return sharedNeighbours(await nearest(a), await nearest(b));
}

/** The score of two unrelated matrices: k / (N − 1). */
export function mutualKnnChance(rows: number, neighbours: number): number {
  return neighbours / (rows - 1);
}
