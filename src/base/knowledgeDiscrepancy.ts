import { assign } from './assignment.ts';
import type { Matrix } from './matrix.ts';
import { Random } from './random.ts';

const SHUFFLES = 100;

/** How well the classes of some items can be renamed to those of a predictor. */
export interface Renaming {
  /** D, in [0, 1]; lower is closer. */
  readonly value: number;
  /** D for each of 100 seeded shuffles of the labels: what it is by chance. */
  readonly shuffled: readonly number[];
  /** Of each of the items' classes, the predictor's class that it is matched with. */
  readonly matched: Uint32Array;
  /** R(t, k), classes × predicted classes. */
  readonly rewards: Float64Array;
}

/**
 * The modality semantic knowledge discrepancy of MoNA (Ma et al., "Learning Modality Knowledge Alignment for
 * Cross-Modality Transfer", ICML 2024), the smallest divergence of two P(Y | X) over all ways to give each class of the
 * items a class of the predictor of its own. Our estimator: with R(t, k) = 1/n Σ p(k | x) over the items of class t,
 * D = 1 − max Σ R(t, π(t)), found exactly by {@link assign}; that is the mean total variation distance of p and the
 * renamed labels, with what the predictor gives to unmatched classes counted as disagreement. The minimum is optimistic
 * for few items, so compare with `shuffled`. O(n K_s + K_t² K_s), 101 times.
 *
 * @param probabilities p(k | x) of the items, n × K_s
 * @param labels class of each item, in 0 … classes − 1
 * @param classes K_t, at most K_s
 */
export function knowledgeDiscrepancy(
  probabilities: Matrix,
  labels: readonly number[],
  classes: number,
  seed: number,
): Renaming {
  const rewards = meanRewards(probabilities, labels, classes);
  const { matched, reward } = bestMatching(rewards, classes, probabilities.columns);
  const random = Random.of(seed, 'knowledge discrepancy shuffles');
  const shuffled = Array.from({ length: SHUFFLES }, () => {
    const unrelated = meanRewards(probabilities, random.shuffle(labels), classes);
    return 1 - bestMatching(unrelated, classes, probabilities.columns).reward;
  });
  return { value: Math.min(1, Math.max(0, 1 - reward)), shuffled, matched, rewards };
}

function meanRewards({ rows, columns, data }: Matrix, labels: readonly number[], classes: number): Float64Array {
  const rewards = new Float64Array(classes * columns);
  for (const [row, label] of labels.entries()) {
    for (let k = 0; k < columns; k++) {
      const at = label * columns + k;
      rewards[at] = (rewards[at] ?? 0) + (data[row * columns + k] ?? 0) / rows;
    }
  }
  return rewards;
}

function bestMatching(rewards: Float64Array, classes: number, predicted: number) {
  const matched = assign(
    rewards.map((reward) => -reward),
    classes,
    predicted,
  );
  return { matched, reward: matched.reduce((sum, k, t) => sum + (rewards[t * predicted + k] ?? 0), 0) };
}
