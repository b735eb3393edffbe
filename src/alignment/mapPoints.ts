import { type Matrix, rowOf, zeros } from '../base/matrix.ts';
import type { Job } from '../base/progress.ts';
import type { MappedItems } from './foldRanking.ts';
import type { PairedVectors } from './pairedVectors.ts';
import { principalComponents } from './pca.ts';
import type { Products } from './products/pool.ts';
import { pickRows } from './products/rows.ts';

/** Two are the map; the others are what UMAP works with. */
const COMPONENTS = 32;

/**
 * Both items of every pair along the leading principal components of all of them in one space: 2 × pairs rows, the first
 * item of each pair and then its second.
 */
export async function mapPoints(
  products: Products,
  { firstOf, secondOf }: PairedVectors,
  { first, second }: MappedItems,
  job: Job,
): Promise<Matrix> {
  const sets = [pickRows(first, firstOf), pickRows(second, secondOf)];
  const { projected } = await principalComponents(
    products,
    sets,
    Math.max(2, Math.min(COMPONENTS, first.matrix.columns)),
    job,
  );
  const [left, right] = projected;
  const points = zeros(2 * firstOf.length, left?.columns ?? 0);
  for (let pair = 0; pair < firstOf.length; pair++) {
    if (left !== undefined) rowOf(points, 2 * pair).set(rowOf(left, pair));
    if (right !== undefined) rowOf(points, 2 * pair + 1).set(rowOf(right, pair));
  }
  return points;
}
