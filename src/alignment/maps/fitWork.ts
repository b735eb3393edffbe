import { fitMap } from './fit.ts';
import { addMoments, type GroupedMoments, type Moments, turnedMoments } from './moments.ts';
import type { LinearMap, MapMethod, PairMap } from './pairMap.ts';

export type Side = 'forward' | 'backward';

/** Fitted without the pairs of `fold`; `backward` maps the second side to the first. */
export interface FoldMap {
  readonly fold: number;
  readonly side: Side;
  readonly map: PairMap;
}

/** A map for every fold from the pairs of the others, of which the next fold chooses the strength. A unit is a fold and side. */
export function fitMaps(
  { method, moments, sides }: { method: MapMethod; moments: GroupedMoments; sides: readonly Side[] },
  units: Iterable<number>,
): FoldMap[] {
  const { groups, originX, originY } = moments;
  const maps: FoldMap[] = [];
  for (const unit of units) {
    const fold = Math.floor(unit / sides.length);
    const side = sides[unit % sides.length] ?? 'forward';
    const next = (fold + 1) % groups.length;
    const sum = (wanted: (group: number) => boolean): Moments => {
      const together = addMoments(groups, wanted);
      return side === 'forward' ? together : turnedMoments(together);
    };
    const map = fitMap(method, {
      all: sum((group) => group !== fold),
      kept: sum((group) => group !== fold && group !== next),
      validation: sum((group) => group === next && group !== fold),
    });
    const [originFirst, originSecond] = side === 'forward' ? [originX, originY] : [originY, originX];
    maps.push({ fold, side, map: { first: moved(map.first, originFirst), second: moved(map.second, originSecond) } });
  }
  return maps;
}

/** The moments are relative to an origin; the map is not. */
function moved(map: LinearMap, origin: Float64Array): LinearMap {
  return { ...map, mean: map.mean.map((value, i) => value + (origin[i] ?? 0)) };
}
