import { breathe } from '../base/concurrency.ts';
import { type Matrix, zeros } from '../base/matrix.ts';
import type { Job } from '../base/progress.ts';
import { symmetricEigen } from '../embedding/eigen.ts';
import { centredRows } from './maps/centred.ts';
import { addTo, type GroupedMoments, momentsAbout, traceOf } from './maps/moments.ts';
import { momentsOfGroups } from './maps/sumOfGroups.ts';
import type { Products } from './products/pool.ts';
import { countRows, type Rows } from './products/rows.ts';
import { RightFactor } from './products/wasm.ts';

/** Rows that are projected before others have their turn. */
const BLOCK = 512;

export interface PrincipalComponents {
  readonly mean: Float64Array;
  /** `count` × D: unit vectors, that of the greatest variance first; the largest element of each is positive. */
  readonly components: Matrix;
  /** The share of the variance that each component holds, in [0, 1]. */
  readonly shares: readonly number[];
  /** Rows × `count` for each set: the coordinates of its rows. */
  readonly projected: readonly Matrix[];
}

/**
 * The first `count` principal components of the rows of all sets together (Nᵢ × D each, in shared memory), and where the
 * rows lie along them (Pearson, 1901). From all eigenvectors of the second moments: O(N D² + D³), O(D²) memory besides.
 */
export async function principalComponents(
  products: Products,
  sets: readonly Rows[],
  count: number,
  job: Job = {},
): Promise<PrincipalComponents> {
  const columns = sets[0]?.matrix.columns ?? 0;
  const moments: GroupedMoments[] = [];
  for (const rows of sets) {
    const groupOf = new Uint32Array(countRows(rows));
    moments.push(await momentsOfGroups(products, { x: rows, y: rows, groupOf, groups: 1, wanted: ['xx'] }, job));
  }
  const mean = jointMean(moments, columns);
  const scatter = new Float64Array(columns * columns);
  for (const { originX, groups } of moments) {
    const offset = mean.map((value, c) => value - (originX[c] ?? 0));
    for (const group of groups) addTo(scatter, momentsAbout(group, { x: offset, y: offset }).xx);
  }
  const { values, vectors } = symmetricEigen(scatter, columns);
  const leading = values.slice(0, count);
  const total = traceOf(scatter, columns);
  const components = zeros(leading.length, columns);
  for (const i of leading.keys()) components.data.set(vectors.getColumn(i), i * columns);
  const projected: Matrix[] = [];
  for (const rows of sets) projected.push(await project(rows, mean, components, job));
  return { mean, components, shares: leading.map((value) => (total > 0 ? value / total : 0)), projected };
}

function jointMean(moments: readonly GroupedMoments[], columns: number): Float64Array {
  const sums = new Float64Array(columns);
  let rows = 0;
  for (const { originX, groups } of moments) {
    for (const { count, sumX } of groups) {
      for (let c = 0; c < columns; c++) sums[c] = (sums[c] ?? 0) + (sumX[c] ?? 0) + count * (originX[c] ?? 0);
      rows += count;
    }
  }
  return sums.map((sum) => sum / Math.max(1, rows));
}

async function project(rows: Rows, mean: Float64Array, components: Matrix, { signal }: Job): Promise<Matrix> {
  const coordinates = zeros(countRows(rows), components.rows);
  const factor = RightFactor.transposed(components);
  for (let from = 0; from < coordinates.rows; from += BLOCK) {
    const centred = centredRows(rows, from, Math.min(coordinates.rows, from + BLOCK), mean);
    coordinates.data.set(factor.view({ matrix: centred }).data, from * components.rows);
    await breathe(signal);
  }
  return coordinates;
}
