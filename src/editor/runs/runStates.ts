import type { RunState, RunSummary, ShotResult } from '../../protocol.ts';

const ACTIVE: ReadonlySet<RunState> = new Set(['queued', 'running', 'stopping']);

export function isActive(state: RunState): boolean {
  return ACTIVE.has(state);
}

/**
 * Accuracy for each number of shots over the test tasks of several runs, as if they were one list of tasks: the pooled
 * mean, and the normal 95 % interval 1.96 · s / √n from the pooled variance, which the runs' own means, intervals and
 * task counts determine exactly.
 */
export function poolResults(runs: readonly Pick<RunSummary, 'results'>[]): ShotResult[] {
  const byShots = new Map<number, ShotResult[]>();
  for (const result of runs.flatMap((run) => run.results)) {
    byShots.set(result.shots, [...(byShots.get(result.shots) ?? []), result]);
  }
  return [...byShots.entries()].sort(([a], [b]) => a - b).map(([shots, results]) => ({ shots, ...pool(results) }));
}

function pool(results: readonly ShotResult[]): Omit<ShotResult, 'shots'> {
  const tasks = sum(results.map((result) => result.tasks));
  const accuracy = sum(results.map((result) => result.tasks * result.accuracy)) / tasks;
  if (tasks < 2) return { accuracy, tasks };
  const squares = results.map(({ accuracy: own, interval = 0, tasks: n }) => {
    const deviation = (interval * Math.sqrt(n)) / 1.96;
    return (n - 1) * deviation ** 2 + n * (own - accuracy) ** 2;
  });
  const interval = 1.96 * Math.sqrt(sum(squares) / (tasks - 1) / tasks);
  return { accuracy, interval, tasks };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
