import { asUnits, meanOf, type Rows } from './products/rows.ts';

/**
 * Distance of the centroids of two clouds of unit vectors in one space: ‖mean u − mean v‖, in [0, 2] (Liang et al.,
 * "Mind the Gap", NeurIPS 2022). Rows need not be of unit length; a row of zeros counts as the origin.
 */
export function modalityGap(a: Rows, b: Rows): number {
  const [left, right] = [meanOf(asUnits(a)), meanOf(asUnits(b))];
  return Math.sqrt(left.reduce((sum, value, i) => sum + (value - (right[i] ?? 0)) ** 2, 0));
}

/** The gap of two independent centred clouds of `rows` vectors: √(2 / N). */
export function modalityGapFloor(rows: number): number {
  return Math.sqrt(2 / rows);
}
