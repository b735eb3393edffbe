import { fitCca, heldCorrelation } from './cca.ts';
import type { Moments } from './moments.ts';
import type { MapMethod, PairMap } from './pairMap.ts';
import { fitProcrustes } from './procrustes.ts';
import { fitRidge, squaredError } from './ridge.ts';

/** Multiples of the mean variance of a column. */
const STRENGTHS = [0.001, 0.01, 0.1, 1, 10, 100];
const USUAL_STRENGTH = 1;

/**
 * A map fitted on all pairs of `kept` and `validation`. Its strength is the one of six that does best on the `validation`
 * pairs after a fit on those of `kept`: the least squared error (ridge), or the greatest mean correlation (CCA).
 */
export function fitMap(method: MapMethod, all: Moments, kept: Moments, validation: Moments): PairMap {
  if (method === 'procrustes') return fitProcrustes(all);
  const fitWith = method === 'ridge' ? fitRidge : fitCca;
  const lossOf = method === 'ridge' ? squaredError : (map: PairMap, held: Moments) => -heldCorrelation(map, held);
  if (kept.count < 2 || validation.count === 0) return fitWith(all, USUAL_STRENGTH);
  const losses = STRENGTHS.map((strength) => lossOf(fitWith(kept, strength), validation));
  return fitWith(all, STRENGTHS[losses.indexOf(Math.min(...losses))] ?? USUAL_STRENGTH);
}
