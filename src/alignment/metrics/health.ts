import { hash } from 'node:crypto';
import { dot, isFiniteRow, type Matrix, rowOf } from '../../base/matrix.ts';
import type { Job } from '../../base/progress.ts';
import { median } from '../../base/statistics.ts';
import type { Products } from '../products/pool.ts';
import { effectiveRank } from './effectiveRank.ts';
import { isMeasured } from './measured.ts';

/** What can be wrong with the vectors of one modality, whatever the other. */
export interface VectorHealth {
  readonly rows: number;
  /** Rows with a number that is not finite. Nothing below counts them. */
  readonly notFinite: number;
  readonly zero: number;
  /** Rows that repeat an earlier one, byte by byte. */
  readonly duplicates: number;
  /** Euclidean lengths; left out when no row is finite. */
  readonly norms?: { readonly min: number; readonly median: number; readonly max: number };
  /** Left out when the rows are all equal. */
  readonly effectiveRank?: number;
}

/**
 * Counts rows that cannot be used or tell nothing, and describes the others. The cost is that of {@link effectiveRank}.
 *
 * @param matrix in shared memory
 */
export async function vectorHealth(products: Products, matrix: Matrix, job: Job = {}): Promise<VectorHealth> {
  const all = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  const listed = all.filter((row) => isFiniteRow(rowOf(matrix, row)));
  const norms = Array.from(listed, (row) => Math.sqrt(dot(rowOf(matrix, row), rowOf(matrix, row)))).sort(
    (a, b) => a - b,
  );
  const [min, middle, max] = [norms[0], median(norms), norms.at(-1)];
  const rank = await effectiveRank(products, { matrix, listed }, job);
  return {
    rows: matrix.rows,
    notFinite: matrix.rows - listed.length,
    zero: norms.filter((norm) => norm === 0).length,
    duplicates: listed.length - countDifferentRows(matrix, listed),
    ...(min !== undefined && middle !== undefined && max !== undefined && { norms: { min, median: middle, max } }),
    ...(isMeasured(rank) && { effectiveRank: rank.value }),
  };
}

function countDifferentRows(matrix: Matrix, rows: Uint32Array): number {
  const different = new Set<string>();
  for (const row of rows) different.add(hash('sha256', rowOf(matrix, row), 'base64'));
  return different.size;
}
