import { mean, standardDeviation } from '../../base/statistics.ts';

/** Why a number could not be measured, as a sentence for the reader. */
export interface Unmeasured {
  readonly reason: string;
}

/** What a metric found, or why it could not be measured. */
export type Measured<T extends object> = T | Unmeasured;

export function isMeasured<T extends object>(result: Measured<T>): result is T {
  return !('reason' in result);
}

/** A number beside what it is, on average, where there is no relation. */
export interface AgainstChance {
  readonly value: number;
  /** Mean over shuffles. */
  readonly chance: number;
  /** Standard deviation over the same shuffles. */
  readonly deviation: number;
}

export function againstChance(value: number, shuffled: readonly number[]): AgainstChance {
  return { value, chance: mean(shuffled), deviation: standardDeviation(shuffled) };
}
