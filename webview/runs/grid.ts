import type { PairedDifference, ReportRow } from '../../src/protocol.ts';

/** Each value once, in order of first appearance. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** The row with the highest mean; nothing where there is none to compare with. */
export function bestOf(rows: readonly ReportRow[]): ReportRow | undefined {
  if (rows.length < 2) return undefined;
  return rows.reduce((best, row) => (row.accuracy > best.accuracy ? row : best));
}

/** What a paired difference says: which side its interval is on. Without an interval it says nothing. */
export function verdict({ difference, interval }: PairedDifference): 'higher' | 'lower' | 'unclear' {
  if (interval === undefined || Math.abs(difference) <= interval) return 'unclear';
  return difference > 0 ? 'higher' : 'lower';
}

/** The farthest that any interval reaches from zero; the scale that they share. */
export function reach(differences: readonly PairedDifference[]): number {
  return Math.max(
    Number.EPSILON,
    ...differences.map(({ difference, interval }) => Math.abs(difference) + (interval ?? 0)),
  );
}
