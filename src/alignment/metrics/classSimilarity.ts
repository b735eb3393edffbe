import { type Matrix, rowProducts, unitRows, zeros } from '../../base/matrix.ts';
import { asUnits, meanOf, pickRows, type Rows } from '../products/rows.ts';
import { rowsOfClasses } from './classes.ts';
import type { Measured } from './measured.ts';

const MOST_CLASSES = 60;

export interface ClassSimilarity {
  /** Sorted. */
  readonly classes: readonly string[];
  /** Row i, column j: cosine of the mean of class i in the first modality and of class j in the second. */
  readonly cosines: readonly (readonly number[])[];
  /** Smaller classes that are not shown. */
  readonly leftOut: number;
}

/**
 * Which classes lie close to each other across the modalities: cosines of the class means of unit vectors in one space,
 * in [−1, 1]. The diagonal should be the largest of its row and column; a large element elsewhere is two classes that
 * the map confuses. Means of a few vectors are rough. The 60 largest classes are shown. O(N D + K² D).
 *
 * @param first N × D, rows that belong together with those of `second`
 * @param classes of each pair; those without one are left out
 */
export function classSimilarity(
  first: Rows,
  second: Rows,
  classes: readonly (string | undefined)[],
): Measured<ClassSimilarity> {
  const rowsOf = rowsOfClasses(classes);
  if (rowsOf.size === 0) return { reason: 'None of the pairs has a class.' };
  const bySize = [...rowsOf].sort(([nameA, a], [nameB, b]) => b.length - a.length || compare(nameA, nameB));
  const shown = bySize.slice(0, MOST_CLASSES).sort(([a], [b]) => compare(a, b));
  const groups = shown.map(([, rows]) => rows);
  const [left, right] = [classMeans(asUnits(first), groups), classMeans(asUnits(second), groups)];
  const cosines = new Float32Array(shown.length ** 2);
  rowProducts(left, 0, shown.length, right, cosines);
  return {
    classes: shown.map(([name]) => name),
    cosines: shown.map((_, i) => [...cosines.subarray(i * shown.length, (i + 1) * shown.length)]),
    leftOut: rowsOf.size - shown.length,
  };
}

/** A unit row for each group; zeros for a group whose vectors cancel out. */
function classMeans(vectors: Rows, groups: readonly (readonly number[])[]): Matrix {
  const means = zeros(groups.length, vectors.matrix.columns);
  for (const [place, rows] of groups.entries()) {
    means.data.set(meanOf(pickRows(vectors, Uint32Array.from(rows))), place * means.columns);
  }
  return unitRows(means);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
