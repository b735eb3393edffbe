import { rowProducts } from '../../base/matrix.ts';
import type { Job } from '../../base/progress.ts';
import { symmetricEigen } from '../../embedding/eigen.ts';
import { centredRows } from '../maps/centred.ts';
import { meansOf, momentsAbout } from '../maps/moments.ts';
import { momentsOfGroups } from '../maps/sumOfGroups.ts';
import type { Products } from '../products/pool.ts';
import { blocksOf, countRows, meanOf, type Rows } from '../products/rows.ts';
import type { Measured } from './measured.ts';
import { ROUNDING } from './moments.ts';

/**
 * How many dimensions a set really uses: exp of the entropy of its covariance's eigenvalues as shares of their sum
 * (Roy & Vetterli, "The Effective Rank", EUSIPCO 2007, with variances instead of singular values). In
 * [1, min(D, N − 1)]; low means that a few directions carry everything. Too low for few rows: it needs N well above D.
 * O(N D min(N, D) + min(N, D)³) time and O(min(N, D)²) memory.
 *
 * @param vectors N × D, in shared memory
 */
export async function effectiveRank(
  products: Products,
  vectors: Rows,
  job: Job = {},
): Promise<Measured<{ value: number }>> {
  const mean = meanOf(vectors);
  if (areEqual(vectors, mean)) return { reason: 'All vectors are equal, so they span no dimension.' };
  const values = (await variances(products, vectors, mean, job)).filter((value) => value > 0);
  const total = values.reduce((sum, value) => sum + value, 0);
  const entropy = values.reduce((sum, value) => sum - (value / total) * Math.log(value / total), 0);
  return { value: Math.exp(entropy) };
}

/** True when all rows are their mean but for rounding. */
export function areEqual(vectors: Rows, mean = meanOf(vectors)): boolean {
  let [scatter, squares] = [0, 0];
  for (const { columns, data } of blocksOf(vectors)) {
    for (let start = 0; start < data.length; start += columns) {
      for (let c = 0; c < columns; c++) {
        const value = data[start + c] ?? 0;
        squares += value * value;
        scatter += (value - (mean[c] ?? 0)) ** 2;
      }
    }
  }
  return scatter <= ROUNDING * squares;
}

/** The eigenvalues of the scatter matrix; fewer rows than columns give the same ones with less work. */
async function variances(products: Products, vectors: Rows, mean: Float64Array, job: Job): Promise<number[]> {
  const [rows, { columns }] = [countRows(vectors), vectors.matrix];
  if (rows < columns) {
    const centred = centredRows(vectors, 0, rows, mean);
    const grams = new Float32Array(rows * rows);
    rowProducts(centred, 0, rows, centred, grams);
    return symmetricEigen(Float64Array.from(grams), rows).values;
  }
  const input = { x: vectors, y: vectors, groupOf: new Uint32Array(rows), groups: 1, wanted: ['xx'] as const };
  const { groups } = await momentsOfGroups(products, input, job);
  const scatter = groups.flatMap((group) => [...momentsAbout(group, meansOf(group)).xx]);
  return symmetricEigen(Float64Array.from(scatter), columns).values;
}
