import type { TextTable } from '../../base/document/textTable.ts';
import type { ExperimentReport } from '../../protocol.ts';
import { percentWithInterval, pointsWithInterval } from './words.ts';

/** Accuracy in percent: a row a method, a column a number of shots. */
export function accuracyTable({ rows }: ExperimentReport): TextTable {
  const shots = distinct(rows.map((row) => row.shots));
  return {
    header: ['method', ...shots.map((k) => `${k}-shot`)],
    rows: distinct(rows.map(({ method }) => method)).map((method) => [
      method,
      ...shots.map((k) => {
        const row = rows.find((candidate) => candidate.method === method && candidate.shots === k);
        return row === undefined ? '–' : percentWithInterval(row.accuracy, row.interval);
      }),
    ]),
  };
}

/** Paired differences in percentage points: a row a method. */
export function differenceTable({ differences }: ExperimentReport): TextTable {
  const shots = distinct(differences.map((row) => row.shots));
  return {
    header: ['difference', ...shots.map((k) => `${k}-shot`)],
    rows: distinct(differences.map(({ method }) => method)).map((method) => [
      `${differences[0]?.reference} − ${method}`,
      ...shots.map((k) => {
        const row = differences.find((candidate) => candidate.method === method && candidate.shots === k);
        return row === undefined ? '–' : pointsWithInterval(row.difference, row.interval);
      }),
    ]),
  };
}

/** One line a run. */
export function runTable({ runs }: ExperimentReport): TextTable {
  return {
    header: ['run', 'seed', 'state', 'backend'],
    rows: runs.map(({ id, seed, state, backend }) => [id, String(seed), state, backend ?? '–']),
  };
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
