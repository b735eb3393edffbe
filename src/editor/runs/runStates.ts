import type { RunState, RunSummary, ShotResult } from '../../protocol.ts';

const ACTIVE: ReadonlySet<RunState> = new Set(['queued', 'running', 'stopping']);

export function isActive(state: RunState): boolean {
  return ACTIVE.has(state);
}

/** Of runs in a grid those with the least pair noise and the most pairs, which stand for the method. */
export function cleanest<Run extends Pick<RunSummary, 'pairNoise' | 'pairsPerClass'>>(runs: readonly Run[]): Run[] {
  const most = ({ pairsPerClass = Number.POSITIVE_INFINITY }: Run): number => pairsPerClass;
  const noise = Math.min(...runs.map(({ pairNoise }) => pairNoise));
  const pairs = Math.max(...runs.map(most));
  return runs.filter((run) => run.pairNoise === noise && most(run) === pairs);
}

/**
 * Seconds until the last of several runs ends, when as many go on side by side as do now and those that wait take as long
 * as those at work. Nothing before a running one knows how long it takes.
 */
export function secondsLeft(
  runs: readonly Pick<RunSummary, 'state' | 'progress' | 'secondsLeft'>[],
): number | undefined {
  const left = runs.filter(({ state }) => state === 'running').map((run) => run.secondsLeft);
  const known = left.filter((seconds) => seconds !== undefined);
  if (known.length === 0) return undefined;
  const whole = runs.flatMap(({ progress, secondsLeft: seconds }) =>
    seconds === undefined || progress >= 1 ? [] : [seconds / (1 - progress)],
  );
  const queued = runs.filter(({ state }) => state === 'queued');
  const waiting = sum(queued.map(({ progress }) => (1 - progress) * (sum(whole) / whole.length)));
  return Math.max(...known, (sum(known) + waiting) / left.length);
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
