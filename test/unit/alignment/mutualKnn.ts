import type { Products } from '../../../src/alignment/products/pool.ts';
import { asUnits, type Rows } from '../../../src/alignment/products/rows.ts';
import { compareRows, sharedNeighbours } from '../../../src/alignment/products/withinPass.ts';
import type { Job } from '../../../src/base/progress.ts';

/**
 * Mutual k-nearest-neighbour score of two matrices (in shared memory) with rows that belong together: the mean share of the k nearest
 * neighbours of a row (by cosine, without itself) that are the same rows in both (Huh et al., "The Platonic
 * Representation Hypothesis", ICML 2024). In [0, 1]; from the parts that a report is made of.
 */
export async function mutualKnn(
  products: Products,
  a: Rows,
  b: Rows,
  neighbours: number,
  job: Job = {},
): Promise<number> {
  const nearest = async (rows: Rows) =>
    (await compareRows(products, { rows: asUnits(rows), nearest: neighbours }, job)).nearest;
  return sharedNeighbours(await nearest(a), await nearest(b));
}
