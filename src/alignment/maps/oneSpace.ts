import type { Matrix } from '../../base/matrix.ts';
import { multiply, RightFactor } from '../products/wasm.ts';
import type { FoldMap } from './fitWork.ts';
import { addMoments, type GroupedMoments, meansOf, momentsAbout } from './moments.ts';
import type { LinearMap, PairMap } from './pairMap.ts';
import { lengthOf, polarFactor } from './polarFactor.ts';
import { asMatrix } from './square.ts';

/**
 * Turns the spaces of maps that were fitted without one fold each to that of the first fold, so that items of different
 * folds can be compared: canonical directions of nearly the same correlation come in any order and with any sign. Of all
 * pairs, R W x and R V y are then as near to those of the first fold as a rotation R of both sides can bring them (Schönemann,
 * Psychometrika 1966). Within a fold no inner product changes.
 */
export function turnToOneSpace(maps: readonly FoldMap[], { groups }: GroupedMoments): FoldMap[] {
  const whole = addMoments(groups);
  const { xx, yy } = momentsAbout(whole, meansOf(whole));
  // Threads hand maps over in any order.
  const first = maps.find(({ fold }) => fold === 0);
  return maps.map((fitted) => {
    if (first === undefined || fitted === first) return fitted;
    const rotation = rotationBetween(first.map, fitted.map, xx, yy);
    return rotation === undefined ? fitted : { ...fitted, map: turned(fitted.map, rotation) };
  });
}

/** The polar factor of W₀ XᵀX Wᵀ + V₀ YᵀY Vᵀ; undefined where that is 0. */
function rotationBetween(to: PairMap, from: PairMap, xx: Float64Array, yy: Float64Array): Matrix | undefined {
  const [left, right] = [crossed(to.first, from.first, xx), crossed(to.second, from.second, yy)];
  if (left === undefined || right === undefined) return undefined;
  const cross = { ...left, data: left.data.map((value, i) => value + (right.data[i] ?? 0)) };
  return lengthOf(cross) === 0 ? undefined : polarFactor(cross);
}

function crossed({ weights: to }: LinearMap, { weights: from }: LinearMap, square: Float64Array): Matrix | undefined {
  if (to === undefined || from === undefined) return undefined;
  return RightFactor.transposed(from).times(multiply(to, asMatrix(square, to.columns)));
}

function turned({ first, second }: PairMap, rotation: Matrix): PairMap {
  return { first: turnedSide(first, rotation), second: turnedSide(second, rotation) };
}

function turnedSide({ mean, weights }: LinearMap, rotation: Matrix): LinearMap {
  return weights === undefined ? { mean } : { mean, weights: multiply(rotation, weights) };
}
