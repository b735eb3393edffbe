import { mean } from '../../base/statistics.ts';

/** How one pair came out. */
export interface PairOutcome {
  /** What the pairs are grouped by: a class, a split, a source. */
  readonly label?: string;
  readonly rankForward: number;
  readonly rankBackward: number;
  /** Averaged over both directions. */
  readonly margin: number;
  /** Probability that the pair is wrong. */
  readonly wrong: number;
}

export interface Group {
  /** Left out for the pairs without one. */
  readonly label?: string;
  readonly pairs: number;
  readonly recall1Forward: number;
  readonly recall1Backward: number;
  readonly meanMargin: number;
  /** How many of the pairs are wrong, on average. */
  readonly expectedWrong: number;
}

/**
 * The numbers of a report for each label, largest group first and then by name; the pairs without a label come last.
 * Recall is over the same candidates as for all pairs, so groups can be compared. A group of a few pairs says little:
 * the standard error of its recall is up to 0.5 / √n.
 */
export function breakDown(outcomes: readonly PairOutcome[]): Group[] {
  const groups = new Map<string | undefined, PairOutcome[]>();
  for (const outcome of outcomes) {
    const group = groups.get(outcome.label);
    if (group === undefined) groups.set(outcome.label, [outcome]);
    else group.push(outcome);
  }
  return [...groups]
    .map(([label, group]) => ({ ...(label !== undefined && { label }), ...summarise(group) }))
    .sort(unlabelledLast);
}

function summarise(group: readonly PairOutcome[]): Omit<Group, 'label'> {
  return {
    pairs: group.length,
    recall1Forward: mean(group.map(({ rankForward }) => Number(rankForward === 1))),
    recall1Backward: mean(group.map(({ rankBackward }) => Number(rankBackward === 1))),
    meanMargin: mean(group.map(({ margin }) => margin)),
    expectedWrong: group.reduce((sum, { wrong }) => sum + wrong, 0),
  };
}

function unlabelledLast(a: Group, b: Group): number {
  const unlabelled = Number(a.label === undefined) - Number(b.label === undefined);
  if (unlabelled !== 0) return unlabelled;
  return b.pairs - a.pairs || ((a.label ?? '') < (b.label ?? '') ? -1 : 1);
}
