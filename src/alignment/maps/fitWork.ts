import { fitMap, type Training } from './fit.ts';
import { addMoments, type GroupedMoments, type Moments, momentsWithout, turnedMoments } from './moments.ts';
import type { LinearMap, MapMethod, PairMap } from './pairMap.ts';

export type Side = 'forward' | 'backward';

/** Fitted without the pairs of `fold`; `backward` maps the second side to the first. */
export interface FoldMap {
  readonly fold: number;
  readonly side: Side;
  readonly map: PairMap;
}

/** A map for every fold from the pairs of the others, of which the next fold chooses the strength, for two folds or more. A unit is a fold and side. */
export function fitMaps(
  { method, moments, sides }: { method: MapMethod; moments: GroupedMoments; sides: readonly Side[] },
  units: Iterable<number>,
): FoldMap[] {
  const { groups, originX, originY } = moments;
  const whole = addMoments(groups);
  const maps: FoldMap[] = [];
  for (const unit of units) {
    const fold = Math.floor(unit / sides.length);
    const side = sides[unit % sides.length] ?? 'forward';
    const map = fitMap(method, seenFrom(side, trainingWithout(fold, groups, whole)));
    const [originFirst, originSecond] = side === 'forward' ? [originX, originY] : [originY, originX];
    maps.push({ fold, side, map: { first: moved(map.first, originFirst), second: moved(map.second, originSecond) } });
  }
  return maps;
}

function trainingWithout(fold: number, groups: readonly Moments[], whole: Moments): Training {
  const [held, validation] = [groups[fold], groups[(fold + 1) % groups.length]];
  if (held === undefined || validation === undefined) throw new RangeError(`there is no fold ${fold}`);
  const all = momentsWithout(whole, held);
  return { all, kept: momentsWithout(all, validation), validation };
}

function seenFrom(side: Side, { all, kept, validation }: Training): Training {
  if (side === 'forward') return { all, kept, validation };
  return { all: turnedMoments(all), kept: turnedMoments(kept), validation: turnedMoments(validation) };
}

/** The moments are relative to an origin; the map is not. */
function moved(map: LinearMap, origin: Float64Array): LinearMap {
  return { ...map, mean: map.mean.map((value, i) => value + (origin[i] ?? 0)) };
}
