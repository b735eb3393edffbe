import { dot, rowOf } from '../base/matrix.ts';
import { countRows, type Rows } from './products/rows.ts';

/**
 * Distance of the centroids of two clouds of unit vectors in one space: ‖mean u − mean v‖, in [0, 2] (Liang et al.,
 * "Mind the Gap", NeurIPS 2022). Rows need not be of unit length; a row of zeros counts as the origin.
 */
export function modalityGap(a: Rows, b: Rows): number {
  const [left, right] = [meanDirection(a), meanDirection(b)];
  return Math.sqrt(left.reduce((sum, value, i) => sum + (value - (right[i] ?? 0)) ** 2, 0));
}

/** The gap of two independent centred clouds of `rows` vectors: √(2 / N). */
export function modalityGapFloor(rows: number): number {
  return Math.sqrt(2 / rows);
}

function meanDirection(cloud: Rows): Float64Array {
  const { matrix, listed } = cloud;
  const sums = new Float64Array(matrix.columns);
  const rows = countRows(cloud);
  for (let i = 0; i < rows; i++) {
    const row = rowOf(matrix, listed?.[i] ?? i);
    const length = Math.sqrt(dot(row, row));
    if (length > 0) for (let c = 0; c < row.length; c++) sums[c] = (sums[c] ?? 0) + (row[c] ?? 0) / length;
  }
  return sums.map((sum) => sum / Math.max(1, rows));
}
