import { t975, twoSidedProbability } from './studentT.ts';

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n − 1); 0 for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** Half width of the normal 95 % interval of the mean: 1.96 · s / √n. `undefined` for fewer than two values. */
export function interval95(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  return (1.96 * standardDeviation(values)) / Math.sqrt(values.length);
}

/** Half width of the 95 % interval of the mean by Student's t with n − 1 degrees of freedom. `undefined` below two values. */
export function studentInterval95(values: readonly number[]): number | undefined {
  if (values.length < 2) return undefined;
  return (t975(values.length - 1) * standardDeviation(values)) / Math.sqrt(values.length);
}

/**
 * Two-sided p-value of the paired t-test: how probable differences at least as far from 0 in the mean are when their
 * true mean is 0. `undefined` below two values. Differences that are all alike have no spread: 1 when they are 0, else 0.
 */
export function pairedTTest(differences: readonly number[]): number | undefined {
  if (differences.length < 2) return undefined;
  const centre = mean(differences);
  const error = standardDeviation(differences) / Math.sqrt(differences.length);
  return centre === 0 ? 1 : twoSidedProbability(centre / error, differences.length - 1);
}

/**
 * p-values adjusted for being a family, in their order (Holm 1979): rejecting those at most 0.05 is wrong about any of
 * them with a probability of at most 5 %.
 */
export function holm(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const adjusted = Array.from(pValues, () => 1);
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (pValues.length - rank) * (pValues[index] ?? 1)));
    adjusted[index] = least;
  }
  return adjusted;
}

/** The middle value; the mean of the two middle ones for an even count. `undefined` for an empty list. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined || sorted.length % 2 === 1) return upper;
  return ((sorted[middle - 1] ?? upper) + upper) / 2;
}
