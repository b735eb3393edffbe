import type { Job } from '../../base/progress.ts';
import type { Products } from '../products/pool.ts';
import { meanOf, pickRows, type Rows } from '../products/rows.ts';
import { emptyMoments, type GroupedMoments } from './moments.ts';
import type { MomentPart } from './momentsWork.ts';

interface MomentsWanted {
  readonly x: Rows;
  readonly y: Rows;
  readonly groupOf: Uint32Array;
  readonly groups: number;
  /** All three by default; the sums come with `xx` and `yy`, and what is not wanted stays zeros. */
  readonly wanted?: readonly MomentPart['product'][];
}

/** Columns of a product that a thread computes at once: there are enough parts for all threads, also of one group. */
const SLAB = 256;

/**
 * The moments of the pairs of every group, relative to the means over all pairs: row p of `x` (N × D1) and of `y`
 * (N × D2, both in shared memory) belong together and to group `groupOf[p]`. O(N (D1 + D2)²), over the rows once.
 */
export async function momentsOfGroups(
  products: Products,
  { x, y, groupOf, groups: count, wanted = ['xx', 'xy', 'yy'] }: MomentsWanted,
  job: Job = {},
): Promise<GroupedMoments> {
  const order = Uint32Array.from(groupOf.keys()).sort((a, b) => (groupOf[a] ?? 0) - (groupOf[b] ?? 0) || a - b);
  const starts = startsOf(groupOf, count);
  const [sortedX, sortedY] = [pickRows(x, order), pickRows(y, order)];
  const [originX, originY] = [meanOf(sortedX), meanOf(sortedY)];
  const groups = Array.from({ length: count }, (_, group) => ({
    ...emptyMoments(originX.length, originY.length),
    count: (starts[group + 1] ?? 0) - (starts[group] ?? 0),
  }));
  const parts = groups.flatMap((_, group) =>
    wanted.flatMap((product) => partsOf(group, product, (product === 'yy' ? originY : originX).length)),
  );
  const input = { x: sortedX, y: sortedY, originX, originY, starts, parts, groups };
  await products.run('sumMoments', input, parts.length, 'comparing dimensions', job);
  return { originX, originY, groups };
}

function partsOf(group: number, product: MomentPart['product'], columns: number): MomentPart[] {
  const parts: MomentPart[] = [];
  for (let from = 0; from < columns; from += SLAB) {
    parts.push({ group, product, from, to: Math.min(columns, from + SLAB) });
  }
  return parts;
}

function startsOf(groupOf: Uint32Array, groups: number): number[] {
  const sizes = new Uint32Array(groups);
  for (const group of groupOf) sizes[group] = (sizes[group] ?? 0) + 1;
  const starts = [0];
  for (const size of sizes) starts.push((starts.at(-1) ?? 0) + size);
  return starts;
}
