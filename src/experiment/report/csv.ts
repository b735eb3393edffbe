import { csvLine } from '../../base/document/csv.ts';
import type { Measured } from './rows.ts';

const COLUMNS = ['method', 'seed', 'pair_noise', 'pairs_per_class', 'shots', 'label_noise', 'task', 'accuracy'];

/**
 * The accuracy of every test task in long format, RFC 4180: a row a method, seed, noise, number of shots and task; a
 * column a measure after them. `pairs_per_class` is empty where all are used. Task i of a seed is the same task in all rows.
 */
export function renderCsv(runs: readonly Measured[]): string {
  const names = [...new Set(runs.flatMap(({ results }) => results.flatMap(({ measures }) => Object.keys(measures))))];
  const lines = runs.flatMap(({ method, seed, pairNoise, pairsPerClass, results }) =>
    results.flatMap(({ shots, labelNoise, accuracies, measures }) =>
      accuracies.map((accuracy, task) =>
        csvLine([
          ...[method, seed, pairNoise, pairsPerClass, shots, labelNoise, task, accuracy],
          ...names.map((name) => measures[name]?.[task] ?? undefined),
        ]),
      ),
    ),
  );
  return [csvLine([...COLUMNS, ...names]), ...lines, ''].join('\r\n');
}
