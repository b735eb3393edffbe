import type { Job } from '../../base/progress.ts';
import { mergeNearest, type NearestLists } from './nearest.ts';
import type { Products } from './pool.ts';
import { countRows, type Rows } from './rows.ts';
import { EDGE } from './tile.ts';

export interface Within {
  /** The most similar other rows of every row. */
  readonly nearest: NearestLists;
  /** Σ exp(−2‖u − v‖²) of every row over all others; empty when not asked for. */
  readonly closeness: Float64Array;
}

/**
 * Compares every row of `rows` (unit vectors in shared memory) with every other, itself left out: the `nearest` most
 * similar of each, and with `closeness` what {@link uniformityOf} needs. O(N² D / 2) time, O(N · nearest) memory a thread.
 */
export async function compareRows(
  products: Products,
  { rows, nearest, closeness = false }: { rows: Rows; nearest: number; closeness?: boolean },
  job: Job = {},
): Promise<Within> {
  const chunks = Math.ceil(countRows(rows) / EDGE);
  const parts = await products.run(
    'compareWithin',
    { rows, nearest, closeness },
    chunks,
    'comparing neighbourhoods',
    job,
  );
  const sums = new Float64Array(closeness ? countRows(rows) : 0);
  for (const part of parts) for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (part.closeness[i] ?? 0);
  return { nearest: mergeNearest(parts.map((part) => part.nearest)), closeness: sums };
}

/**
 * Uniformity: log of the mean of exp(−2‖u − v‖²) over all pairs of different rows, in [−8, 0], lower is more uniform
 * (Wang & Isola, ICML 2020). −∞ for fewer than two rows.
 */
export function uniformityOf({ closeness }: Within): number {
  const total = closeness.reduce((sum, value) => sum + value, 0);
  return Math.log(total / Math.max(1, closeness.length * (closeness.length - 1)));
}

/**
 * Mean share of the neighbours of a row that are the same in both lists (Huh et al., "The Platonic Representation
 * Hypothesis", ICML 2024), in [0, 1]. Both lists hold as many neighbours, of rows that belong together.
 */
export function sharedNeighbours(a: NearestLists, b: NearestLists): number {
  let shared = 0;
  for (let start = 0; start < a.indices.length; start += a.count) {
    const own = a.indices.subarray(start, start + a.count);
    for (const index of b.indices.subarray(start, start + b.count)) if (own.includes(index)) shared++;
  }
  return shared / a.indices.length;
}
