import { probabilitiesByMixture } from '../../base/mixture.ts';
import { probabilitiesAgainstUnrelated, shareTold } from './unrelatedLosses.ts';

/** How two items stand to each other, by maps that were not fitted on them. */
export interface Margins {
  /** Their similarity minus that of the best others, asked from the first item. */
  readonly marginForward: number;
  /** The same, asked from the second item. */
  readonly marginBackward: number;
}

export interface PairEvidence extends Margins {
  /** Share of the partner's nearest items of the other modality that carry the pair's class. */
  readonly classAgreement?: number;
}

export interface MismatchEstimate {
  /** For each pair, that it is wrong. */
  readonly probabilities: Float64Array;
  /** Sum of the probabilities. */
  readonly expectedWrong: number;
  /** Share of the other pairs that are told from unrelated items ({@link shareTold}); absent without these. */
  readonly told?: number;
  /** Why the probabilities are low: left out when some pairs are more likely wrong than right. */
  readonly note?: string;
}

const FEWEST_PAIRS = 10;
/** Upper ends of the ranges of class agreement that are told apart. */
const AGREEMENT_RANGES = [0.25, 0.5, 0.75, Number.POSITIVE_INFINITY];
/** Pairs of the common distribution that are added to the wrong and to the right ones before they are compared. */
const PRIOR_PAIRS = 10;

/**
 * The probability that a pair is wrong, in [0, 1]. Its loss is minus the margin, averaged over both directions (as
 * cross-domain similarity local scaling weighs similarities, Conneau et al., ICLR 2018). With the margins of
 * `unrelated` items the losses are compared with theirs ({@link probabilitiesAgainstUnrelated}), and the expected number
 * of wrong pairs is about right. Without them a group of high losses is looked for
 * ({@link probabilitiesByMixture}): the order is the same, but right pairs of a crooked distribution are taken for wrong
 * ones. Where pairs have a class agreement, the likelihood ratio of its range among wrong and right pairs, learnt from
 * these probabilities, updates the odds.
 *
 * For one agreement the probability rises with the loss, with ties: order ties by the margin. Rough below some hundred
 * pairs or ten wrong ones. O(N log N).
 *
 * @param unrelated margins of first and second items put together at random, about as many as there are pairs
 */
export function estimateMismatch(pairs: readonly PairEvidence[], unrelated?: readonly Margins[]): MismatchEstimate {
  if (pairs.length < FEWEST_PAIRS) {
    const note = `With fewer than ${FEWEST_PAIRS} pairs no group of wrong ones can be seen.`;
    return { probabilities: new Float64Array(pairs.length), expectedWrong: 0, note };
  }
  const losses = pairs.map(lossOf);
  const fromLoss =
    unrelated === undefined
      ? probabilitiesByMixture(losses)
      : probabilitiesAgainstUnrelated(losses, unrelated.map(lossOf));
  const probabilities = updateByAgreement(fromLoss, pairs);
  const expectedWrong = probabilities.reduce((sum, probability) => sum + probability, 0);
  return {
    probabilities,
    expectedWrong,
    ...(unrelated !== undefined &&
      expectedWrong < pairs.length && {
        told: shareTold(losses, unrelated.map(lossOf), expectedWrong / pairs.length),
      }),
    ...(!probabilities.some((probability) => probability > 0.5) && {
      note: 'No pairs stand apart from the others as a group: single ones can still be wrong.',
    }),
  };
}

function lossOf({ marginForward, marginBackward }: Margins): number {
  return -(marginForward + marginBackward) / 2;
}

/**
 * Bayes' rule with the shares of wrong and of right pairs in the pair's range of agreement. The ratio counts by its root:
 * agreement and margin come from the same vectors and say in part the same, and the whole ratio spoils the order.
 */
function updateByAgreement(probabilities: Float64Array, pairs: readonly PairEvidence[]): Float64Array {
  const ranges = pairs.map(({ classAgreement }) =>
    classAgreement === undefined ? -1 : AGREEMENT_RANGES.findIndex((end) => classAgreement < end),
  );
  const all = shares(ranges, () => 1);
  const wrong = shares(ranges, (pair) => probabilities[pair] ?? 0, all);
  const right = shares(ranges, (pair) => 1 - (probabilities[pair] ?? 0), all);
  return probabilities.map((probability, pair) => {
    const range = ranges[pair] ?? -1;
    const ratio = Math.sqrt((wrong[range] ?? 1) / (right[range] ?? 1));
    return (probability * ratio) / (probability * ratio + 1 - probability);
  });
}

/** How the weight of the pairs is spread over the ranges, after {@link PRIOR_PAIRS} pairs of the `prior` are added. */
function shares(ranges: readonly number[], weightOf: (pair: number) => number, prior?: readonly number[]): number[] {
  const weights = AGREEMENT_RANGES.map((_, range) => PRIOR_PAIRS * (prior?.[range] ?? 0));
  for (const [pair, range] of ranges.entries()) if (range >= 0) weights[range] = (weights[range] ?? 0) + weightOf(pair);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total === 0 ? 0 : weight / total));
}
