import { dot, type Matrix, rowOf, selectRows } from '../../base/matrix.ts';
import { median } from '../../base/statistics.ts';
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

/** Counts rows that cannot be used or tell nothing, and describes the others. The cost is that of {@link effectiveRank}. */
export function vectorHealth(vectors: Matrix): VectorHealth {
  const rows = Array.from({ length: vectors.rows }, (_, row) => row);
  const usable = rows.filter((row) => rowOf(vectors, row).every(Number.isFinite));
  const finite = usable.length === vectors.rows ? vectors : selectRows(vectors, usable);
  const norms = usable.map((row) => Math.sqrt(dot(rowOf(vectors, row), rowOf(vectors, row)))).sort((a, b) => a - b);
  const [min, middle, max] = [norms[0], median(norms), norms.at(-1)];
  const rank = effectiveRank(finite);
  return {
    rows: vectors.rows,
    notFinite: vectors.rows - usable.length,
    zero: norms.filter((norm) => norm === 0).length,
    duplicates: finite.rows - countDifferentRows(finite),
    ...(min !== undefined && middle !== undefined && max !== undefined && { norms: { min, median: middle, max } }),
    ...(isMeasured(rank) && { effectiveRank: rank.value }),
  };
}

function countDifferentRows(vectors: Matrix): number {
  const rows = new Set<string>();
  for (let row = 0; row < vectors.rows; row++) {
    const { buffer, byteOffset, byteLength } = rowOf(vectors, row);
    rows.add(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'));
  }
  return rows.size;
}
