import { ccaWeights, meanCorrelation } from './cca.ts';
import { type CentredMoments, type Moments, meansOf, momentsAbout, turnedMoments } from './moments.ts';
import type { MapMethod, PairMap } from './pairMap.ts';
import { procrustesWeights } from './procrustes.ts';
import { Ridge, ridgeWeights, SquaredError } from './ridge.ts';

/** Multiples of the mean variance of a column. */
const STRENGTHS = [0.001, 0.01, 0.1, 1, 10, 100];
const USUAL_STRENGTH = 1;

/** All pairs that a map is fitted on; its strength is chosen by how a fit on those of `kept` does on those of `validation`. */
export interface Training {
  readonly all: Moments;
  readonly kept: Moments;
  readonly validation: Moments;
}

/**
 * A map of both sides of a pair into one space. `ridge` maps x to y with the strength of the least squared error,
 * `procrustes` turns the side of fewer dimensions into the space of the other, as if its vectors ended in zeros, and `cca`
 * maps both with the strength of the greatest mean correlation.
 */
export function fitMap(method: MapMethod, training: Training): PairMap {
  if (method === 'procrustes') return fitProcrustes(training.all);
  const means = meansOf(training.all);
  const moments = momentsAbout(training.all, means);
  if (method === 'ridge') {
    const weights = ridgeWeights(moments, chooseStrength(training, withRidgeLoss));
    return { first: { mean: means.x, weights }, second: { mean: means.y } };
  }
  const { first, second } = ccaWeights(moments, chooseStrength(training, withCcaLoss));
  return { first: { mean: means.x, weights: first }, second: { mean: means.y, weights: second } };
}

/** Lets a search ask for the loss of a fit with some strength to the moments `kept`, on those that are held out. */
type WithLoss = (kept: CentredMoments, held: CentredMoments, search: (lossOf: LossOf) => number) => number;
type LossOf = (strength: number) => number;

const withRidgeLoss: WithLoss = (kept, held, search) => {
  const [ridge, error] = [new Ridge(kept), new SquaredError(held)];
  return search((strength) => error.of(ridge.weights(strength)));
};

const withCcaLoss: WithLoss = (kept, held, search) =>
  search((strength) => -meanCorrelation(ccaWeights(kept, strength), held));

/** The strength of the least loss on the validation pairs, after a fit on the others. */
function chooseStrength({ kept, validation }: Training, withLoss: WithLoss): number {
  if (kept.count < 2 || validation.count === 0) return USUAL_STRENGTH;
  const means = meansOf(kept);
  return withLoss(momentsAbout(kept, means), momentsAbout(validation, means), strengthOfLeast);
}

/**
 * The loss falls and then rises with the strength, so it is followed downhill from the middle; most strengths are never
 * tried.
 */
function strengthOfLeast(lossOf: LossOf): number {
  const losses = new Map<number, number>();
  const lossAt = (place: number): number => {
    const strength = STRENGTHS[place];
    if (strength === undefined) return Number.POSITIVE_INFINITY;
    const loss = losses.get(place) ?? lossOf(strength);
    losses.set(place, loss);
    return loss;
  };
  let place = STRENGTHS.length >> 1;
  const step = lossAt(place - 1) < lossAt(place) ? -1 : 1;
  while (lossAt(place + step) < lossAt(place)) place += step;
  return STRENGTHS[place] ?? USUAL_STRENGTH;
}

function fitProcrustes(moments: Moments): PairMap {
  const means = meansOf(moments);
  if (means.x.length > means.y.length) {
    const { first, second } = fitProcrustes(turnedMoments(moments));
    return { first: second, second: first };
  }
  const weights = procrustesWeights(momentsAbout(moments, means));
  return { first: { mean: means.x, weights }, second: { mean: means.y } };
}
