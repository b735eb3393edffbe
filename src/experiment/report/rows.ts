import { interval95, mean } from '../../base/statistics.ts';
import type { Method, PairedDifference, ReportRow } from '../../protocol.ts';
import { shotResult } from '../summary.ts';

/** A finished run's accuracies. */
export interface Measured {
  readonly method: Method;
  readonly seed: number;
  readonly results: readonly { readonly shots: number; readonly accuracies: readonly number[] }[];
}

/** Accuracy over the test tasks of all seeds, a row per method and number of shots, methods in the order given. */
export function accuracyRows(runs: readonly Measured[], methods: readonly Method[]): ReportRow[] {
  return cells(runs, methods).map(({ method, shots }) => {
    const measured = runs.filter((run) => run.method === method).map((run) => accuraciesOf(run, shots));
    const seeds = measured.filter(({ length }) => length > 0).length;
    return { method, ...shotResult(shots, measured.flat()), seeds };
  });
}

/**
 * The reference method minus each other one, task by task: both met the same tasks of the same seed, so that what makes
 * a task easy or hard for both cancels out (methods.md 11). The reference is the first of `methods`.
 */
export function pairedDifferences(runs: readonly Measured[], methods: readonly Method[]): PairedDifference[] {
  const [reference] = methods;
  if (reference === undefined) return [];
  return cells(runs, methods.slice(1)).flatMap(({ method, shots }) => {
    const differences = runs
      .filter((run) => run.method === method)
      .flatMap((run) => {
        const other = accuraciesOf(run, shots);
        const own = runs.find((candidate) => candidate.method === reference && candidate.seed === run.seed);
        const referred = own === undefined ? [] : accuraciesOf(own, shots);
        return referred.length === other.length ? referred.map((value, task) => value - (other[task] ?? 0)) : [];
      });
    if (differences.length === 0) return [];
    const interval = interval95(differences);
    const difference = mean(differences);
    return [
      { reference, method, shots, difference, ...(interval !== undefined && { interval }), tasks: differences.length },
    ];
  });
}

/** The combinations that at least one run has measured. */
function cells(runs: readonly Measured[], methods: readonly Method[]): { method: Method; shots: number }[] {
  return methods.flatMap((method) => {
    const shots = runs
      .filter((run) => run.method === method)
      .flatMap((run) => run.results.map((result) => result.shots));
    return [...new Set(shots)].sort((a, b) => a - b).map((k) => ({ method, shots: k }));
  });
}

function accuraciesOf({ results }: Measured, shots: number): readonly number[] {
  return results.find((result) => result.shots === shots)?.accuracies ?? [];
}
