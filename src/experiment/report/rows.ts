import { holm, interval95, mean, pairedTTest, studentInterval95 } from '../../base/statistics.ts';
import type { Method, NoiseLevel, PairedDifference, ReportCell, ReportRow } from '../../protocol.ts';
import type { TestResult } from '../runFolder.ts';
import { AXES, differingAxes, levelOf, valueOn } from './levels.ts';

/** What a finished run stands for in the grid: a run without pairs stands for several levels of their noise. */
export interface Measured {
  readonly method: Method;
  readonly seed: number;
  readonly pairNoise: number;
  readonly pairsPerClass?: number;
  readonly results: readonly TestResult[];
}

/** The accuracies of one seed in one cell of a report. */
interface Sample {
  readonly cell: ReportCell;
  readonly seed: number;
  readonly accuracies: readonly number[];
}

/** Accuracy over the test tasks of all seeds: a row for each cell that at least one run has measured. */
export function accuracyRows(runs: readonly Measured[], methods: readonly Method[]): ReportRow[] {
  return byCell(samplesOf(runs), methods).map(([cell, samples]) => {
    const { centre, ...spread } = summarise(samples.map(({ accuracies }) => accuracies));
    return { ...cell, accuracy: centre, ...spread };
  });
}

/**
 * The reference minus each other method, task by task: both met the same tasks of the same seed, so that what makes a task
 * easy or hard for both cancels out (methods.md 11). At the cleanest level, and where one kind of noise alone differs from
 * it; p-values are corrected for all of these.
 */
export function pairedDifferences(
  runs: readonly Measured[],
  methods: readonly Method[],
  reference: Method,
  cleanest: NoiseLevel,
): PairedDifference[] {
  const samples = samplesOf(runs).filter(({ cell }) => differingAxes(cell, cleanest).length <= 1);
  const referred = new Map(
    samples.filter(({ cell }) => cell.method === reference).map((sample) => [placeOf(sample), sample.accuracies]),
  );
  const rows = byCell(samples, methods).flatMap(([cell, own]) => {
    const perSeed = own.map((sample) => minus(referred.get(placeOf(sample)), sample.accuracies));
    const differences = perSeed.filter((values) => values.length > 0);
    if (cell.method === reference || differences.length === 0) return [];
    const { centre, ...spread } = summarise(differences);
    return [{ ...cell, reference, difference: centre, ...spread, p: pairedTTest(differences.flat()) }];
  });
  const adjusted = holm(rows.map(({ p }) => p ?? 1));
  return rows.map(({ p, ...row }, index) => ({
    ...row,
    ...(p !== undefined && { p, adjusted: adjusted[index] ?? 1 }),
  }));
}

/** Mean over all values, and both intervals: over the values, and over the means of the seeds. */
export function summarise(perSeed: readonly (readonly number[])[]) {
  const all = perSeed.flat();
  const interval = interval95(all);
  const seedInterval = studentInterval95(perSeed.map(mean));
  return {
    centre: mean(all),
    ...(interval !== undefined && { interval }),
    ...(seedInterval !== undefined && { seedInterval }),
    tasks: all.length,
    seeds: perSeed.length,
  };
}

function samplesOf(runs: readonly Measured[]): Sample[] {
  return runs.flatMap(({ results, seed, ...run }) =>
    results
      .filter(({ accuracies }) => accuracies.length > 0)
      .map(({ shots, labelNoise, accuracies }) => {
        const cell = { method: run.method, shots, ...levelOf({ ...run, labelNoise }) };
        return { cell, seed, accuracies };
      }),
  );
}

/** Samples of the same cell together; cells in the order of the methods, then from the cleanest on. */
function byCell(samples: readonly Sample[], methods: readonly Method[]): [ReportCell, Sample[]][] {
  const cells = new Map<string, [ReportCell, Sample[]]>();
  for (const sample of samples) {
    const key = JSON.stringify(sample.cell);
    const [, known] = cells.get(key) ?? [];
    cells.set(key, [sample.cell, [...(known ?? []), sample]]);
  }
  return [...cells.values()].sort(([a], [b]) => {
    const order = methods.indexOf(a.method) - methods.indexOf(b.method) || a.shots - b.shots;
    return AXES.reduce((sum, axis) => sum || compare(valueOn(a, axis), valueOn(b, axis)), order);
  });
}

/** Also of two infinities, whose difference is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** Names what two methods have in common: seed, shots and level. */
function placeOf({ cell: { method: _, ...place }, seed }: Sample): string {
  return JSON.stringify({ ...place, seed });
}

function minus(reference: readonly number[] = [], others: readonly number[]): number[] {
  if (reference.length !== others.length) return [];
  return reference.map((value, task) => value - (others[task] ?? 0));
}
