import type { ExperimentReport, NoiseLevel, PairedDifference, ReportRow } from '../../src/protocol.ts';

/** Each value once, in order of first appearance. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Those measured with the least noise and the most pairs. */
export function cleanest<Row extends NoiseLevel>(rows: readonly Row[], report: ExperimentReport): Row[] {
  const { labelNoise, pairNoise, pairsPerClass } = report.cleanest;
  return rows.filter(
    (row) => row.labelNoise === labelNoise && row.pairNoise === pairNoise && row.pairsPerClass === pairsPerClass,
  );
}

/** The row with the highest mean; nothing where there is none to compare with. */
export function bestOf(rows: readonly ReportRow[]): ReportRow | undefined {
  if (rows.length < 2) return undefined;
  return rows.reduce((best, row) => (row.accuracy > best.accuracy ? row : best));
}

/** What a paired difference says where its corrected p-value is below 0.05: which side of zero it is on. */
export function verdict({ difference, adjusted }: PairedDifference): 'higher' | 'lower' | 'unclear' {
  if (adjusted === undefined || adjusted >= 0.05) return 'unclear';
  return difference > 0 ? 'higher' : 'lower';
}

/** A p-value as tables show it. */
export function probability(p: number | undefined): string {
  if (p === undefined) return '';
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** The farthest that any interval reaches from zero; the scale that they share. */
export function reach(differences: readonly PairedDifference[]): number {
  return Math.max(
    Number.EPSILON,
    ...differences.map(({ difference, interval }) => Math.abs(difference) + (interval ?? 0)),
  );
}
