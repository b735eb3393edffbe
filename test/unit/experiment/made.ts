import { cleanestOf } from '../../../src/experiment/report/levels.ts';
import { accuracyRows, type Measured, pairedDifferences } from '../../../src/experiment/report/rows.ts';
import type { ExperimentReport, Method } from '../../../src/protocol.ts';

/** A run that measured these accuracies with one number of shots and one rate of label noise. */
export function run(
  method: Method,
  seed: number,
  accuracies: number[],
  { shots = 5, labelNoise = 0, ...level }: Partial<Measured['results'][number] & Measured> = {},
): Measured {
  const { pairNoise = 0, pairsPerClass } = level;
  return {
    ...{ method, seed, pairNoise, ...(pairsPerClass !== undefined && { pairsPerClass }) },
    results: [{ shots, labelNoise, accuracies, measures: {}, confusion: [] }],
  };
}

/** The report of these runs, with nothing but their accuracies. */
export function reportOf(runs: readonly Measured[], fields: Partial<ExperimentReport> = {}): ExperimentReport {
  const methods = [...new Set(runs.map(({ method }) => method))];
  const rows = accuracyRows(runs, methods);
  const cleanest = cleanestOf(rows);
  const reference = methods[0] ?? 'croma';
  return {
    ...{ name: 'made', experiment: '/w/made.experiment.yaml', created: '2026-01-01', dataset: '/w/pairlab.yaml' },
    ...{ data: 'd', source: 'image', target: 'audio', ways: 5, queries: 10, chance: 0.2 },
    ...{ classes: { train: 10, validation: 5, test: 5 }, methods, reference, cleanest, rows },
    differences: pairedDifferences(runs, methods, reference, cleanest),
    ...{ retrieval: [], confusions: [], measures: [], costs: [], runs: [], notes: [], backend: 'wasm', seconds: 1 },
    ...fields,
  };
}
