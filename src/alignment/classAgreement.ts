import type { PairRow } from '../protocol.ts';
import type { Geometry } from './geometry/measureGeometry.ts';
import type { NearestLists } from './products/nearest.ts';

/**
 * For each pair with a class: the share of its items' nearest items of the other modality that are of that class, its own
 * partner left out. A pair whose items lie among other classes is suspicious even when they lie together. `undefined`
 * where it is not known: without a class, or when the neighbourhood of the pair was not compared.
 */
export function classAgreement(pairs: readonly PairRow[], { across, compared }: Geometry): (number | undefined)[] {
  const agreement = new Array<number | undefined>(pairs.length).fill(undefined);
  if (across === undefined) return agreement;
  const classes = [...compared].map((pair) => pairs[pair]?.class);
  if (new Set(classes).size < 2) return agreement;
  for (const [row, pair] of compared.entries()) {
    const shares = [across.forward, across.backward].flatMap((lists) => shareOfClass(lists, row, classes) ?? []);
    if (shares.length > 0) agreement[pair] = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  }
  return agreement;
}

function shareOfClass(
  { count, indices }: NearestLists,
  row: number,
  classes: readonly (string | undefined)[],
): number | undefined {
  const own = classes[row];
  if (own === undefined) return undefined;
  const others = [...indices.subarray(row * count, (row + 1) * count)].filter((other) => other !== row);
  if (others.length === 0) return undefined;
  return others.filter((other) => classes[other] === own).length / others.length;
}
