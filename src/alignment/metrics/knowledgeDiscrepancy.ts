import { knowledgeDiscrepancy as renaming } from '../../base/knowledgeDiscrepancy.ts';
import { type Matrix, selectRows } from '../../base/matrix.ts';
import { mean } from '../../base/statistics.ts';
import { type AgainstChance, againstChance, type Measured } from './measured.ts';

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
 * How far the classes of a target modality are from anything a source modality knows: see {@link renaming}. Its mean over
 * the shuffles stands beside it.
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
  const found = renaming(selectRows(probabilities, rows), targets, classes.length, seed);
  return {
    ...againstChance(found.value, found.shuffled),
    beyondChance: found.value - mean(found.shuffled),
    matching: classes.map((target, t) => {
      const k = found.matched[t] ?? 0;
      const items = targets.filter((other) => other === t).length;
      const agreement = ((found.rewards[t * sourceClasses.length + k] ?? 0) * rows.length) / items;
      return { target, source: sourceClasses[k] ?? '', agreement: Math.min(1, Math.max(0, agreement)) };
    }),
    unlabelled: labels.length - labelled.length,
  };
}
