import type { Estimate } from './results.ts';

/** What came out for one statement on one dataset. The verdict is computed from the numbers, never written by hand. */
export interface Finding {
  readonly verdict: 'holds' | 'does not hold' | 'cannot be tested';
  /** The numbers that decide, with their intervals. */
  readonly effect: string;
  readonly why: string;
}

/** A statement of the papers or of methods.md 11, and how it is judged. */
export interface Statement<Evidence> {
  readonly id: string;
  readonly statement: string;
  /** May throw {@link MissingResult}: then it cannot be tested. */
  readonly judge: (evidence: Evidence) => Finding;
}

export function verdict(holds: boolean, effect: string, why: string): Finding {
  return { verdict: holds ? 'holds' : 'does not hold', effect, why };
}

/** Clearly above 0: the whole 95 % interval is. */
export function isAbove({ mean, interval }: Estimate, bound = 0): boolean {
  return mean - interval > bound;
}

/** "+3.2 ± 1.1", in percentage points. */
export function points({ mean, interval }: Estimate): string {
  return `${mean < 0 ? '−' : '+'}${(100 * Math.abs(mean)).toFixed(1)} ± ${(100 * interval).toFixed(1)}`;
}

/** "63.4 ± 2.1", in percent. */
export function percent({ mean, interval }: Estimate): string {
  return `${(100 * mean).toFixed(1)} ± ${(100 * interval).toFixed(1)}`;
}

/** Spearman's rank correlation of values in the order of their condition; ties share their mean rank. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [ranks(x), ranks(y)];
  const centre = (x.length - 1) / 2;
  const product = (u: readonly number[], v: readonly number[]) =>
    u.reduce((sum, value, i) => sum + (value - centre) * ((v[i] ?? 0) - centre), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}
