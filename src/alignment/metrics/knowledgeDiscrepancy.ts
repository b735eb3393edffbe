import { assign } from '../../base/assignment.ts';
import type { Matrix } from '../../base/matrix.ts';
import { Random } from '../../base/random.ts';
import { mean } from '../../base/statistics.ts';
import { type AgainstChance, againstChance, type Measured } from './measured.ts';

const SHUFFLES = 100;

export interface MatchedClass {
  readonly target: string;
  readonly source: string;
  /** Mean probability that the source predictor gives `source` to the items of `target`. */
  readonly agreement: number;
}

export interface KnowledgeDiscrepancy extends AgainstChance {
  /** `value` minus `chance`: below 0 where the source knows something about the target's classes. */
  readonly beyondChance: number;
  /** One for each target class, sorted. */
  readonly matching: readonly MatchedClass[];
  /** Target items without a label, which were left out. */
  readonly unlabelled: number;
}

/**
 * How far the classes of a target modality are from anything a source modality knows: the modality semantic knowledge
 * discrepancy of MoNA (Ma et al., "Learning Modality Knowledge Alignment for Cross-Modality Transfer", ICML 2024), the
 * smallest divergence of the two P(Y | X) over all ways to give each target class a source class of its own. Our
 * estimator: with R(t, k) = 1/n Σ p_s(k | x) over the items of class t, D = 1 − max Σ R(t, π(t)), found exactly by
 * {@link assign}; that is the mean total variation distance of p_s and the re-named labels, with what the predictor
 * gives to unmatched source classes counted as disagreement. In [0, 1], lower is closer. The minimum is optimistic for
 * few items, so its mean over 100 seeded shuffles of the labels stands beside it. O(n K_s + K_t² K_s), 101 times.
 *
 * @param probabilities p_s(k | x) of a source predictor on n target items, n × K_s
 * @param sourceClasses names of its columns
 * @param labels of the target items
 */
export function knowledgeDiscrepancy(
  probabilities: Matrix,
  sourceClasses: readonly string[],
  labels: readonly (string | undefined)[],
  seed: number,
): Measured<KnowledgeDiscrepancy> {
  const labelled = labels.flatMap((label, row) => (label === undefined ? [] : [{ label, row }]));
  if (labelled.length === 0) return { reason: 'The target modality has no labelled items.' };
  const classes = [...new Set(labelled.map(({ label }) => label))].sort();
  if (classes.length > sourceClasses.length) {
    return {
      reason: `The target modality has ${classes.length} classes and the source only ${sourceClasses.length}, so that not every one can have a match.`,
    };
  }
  const rows = labelled.map(({ row }) => row);
  const targets = labelled.map(({ label }) => classes.indexOf(label));
  const rewards = meanRewards(probabilities, rows, targets, classes.length);
  const matched = bestMatching(rewards, classes.length, sourceClasses.length);
  const random = Random.of(seed, 'knowledge discrepancy shuffles');
  const shuffled = Array.from({ length: SHUFFLES }, () => {
    const unrelated = meanRewards(probabilities, rows, random.shuffle(targets), classes.length);
    return 1 - bestMatching(unrelated, classes.length, sourceClasses.length).reward;
  });
  const value = clamp(1 - matched.reward);
  return {
    ...againstChance(value, shuffled),
    beyondChance: value - mean(shuffled),
    matching: classes.map((target, t) => {
      const k = matched.sourceOf[t] ?? 0;
      const items = targets.filter((other) => other === t).length;
      const agreement = ((rewards[t * sourceClasses.length + k] ?? 0) * rows.length) / items;
      return { target, source: sourceClasses[k] ?? '', agreement: clamp(agreement) };
    }),
    unlabelled: labels.length - labelled.length,
  };
}

/** R, K_t × K_s. */
function meanRewards(
  { columns, data }: Matrix,
  rows: readonly number[],
  targets: readonly number[],
  count: number,
): Float64Array {
  const rewards = new Float64Array(count * columns);
  for (const [place, row] of rows.entries()) {
    const offset = (targets[place] ?? 0) * columns;
    for (let k = 0; k < columns; k++) {
      rewards[offset + k] = (rewards[offset + k] ?? 0) + (data[row * columns + k] ?? 0) / rows.length;
    }
  }
  return rewards;
}

function bestMatching(
  rewards: Float64Array,
  targets: number,
  sources: number,
): { sourceOf: Uint32Array; reward: number } {
  const sourceOf = assign(
    rewards.map((reward) => -reward),
    targets,
    sources,
  );
  return { sourceOf, reward: sourceOf.reduce((sum, k, t) => sum + (rewards[t * sources + k] ?? 0), 0) };
}

/** Probabilities in float32 may add up to a little more than 1. */
function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
