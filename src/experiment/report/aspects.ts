import { interval95, mean } from '../../base/statistics.ts';
import type { Confusion, CostRow, MeasureRow, Method, RetrievalRow } from '../../protocol.ts';
import type { RunReport } from '../runFolder.ts';
import { summarise } from './rows.ts';

/** A finished run at the cleanest level, with the results at the least label noise. */
export interface Clean {
  readonly method: Method;
  readonly report: RunReport;
}

/** What the runs of each method cost. */
export function costRows(runs: readonly Clean[], methods: readonly Method[]): CostRow[] {
  return perMethod(runs, methods, (method, own) => {
    const average = (read: (cost: RunReport['cost']) => number) => mean(own.map(({ report }) => read(report.cost)));
    return [
      {
        method,
        runs: own.length,
        steps: average(({ steps }) => steps),
        trainingSeconds: average(({ trainingSeconds }) => trainingSeconds),
        testSeconds: average(({ testSeconds }) => testSeconds),
        peakBytes: Math.max(...own.map(({ report }) => report.cost.peakBytes)),
      },
    ];
  });
}

/** Recall among pairs of new classes; nothing for methods without a shared space. */
export function retrievalRows(runs: readonly Clean[], methods: readonly Method[]): RetrievalRow[] {
  return perMethod(runs, methods, (method, own) => {
    const places = own.find(({ report }) => report.retrieval.length > 0)?.report.retrieval ?? [];
    return places.map(({ from, k }) => {
      const same = own.flatMap(({ report }) => report.retrieval.filter((one) => one.from === from && one.k === k));
      const { centre, tasks: _, seeds: __, ...intervals } = summarise(same.map(({ values }) => values));
      return { method, from, k, recall: centre, chance: mean(same.map(({ chance }) => chance)), ...intervals };
    });
  });
}

/** What methods measured on the way, for every number of shots. */
export function measureRows(runs: readonly Clean[], methods: readonly Method[]): MeasureRow[] {
  return perMethod(runs, methods, (method, own) => {
    const values = new Map<string, { shots: number; name: string; all: number[] }>();
    for (const { shots, measures } of own.flatMap(({ report }) => report.results)) {
      for (const [name, measured] of Object.entries(measures)) {
        const known = values.get(`${shots} ${name}`) ?? { shots, name, all: [] };
        values.set(`${shots} ${name}`, known);
        known.all.push(...measured.filter((value) => value !== null));
      }
    }
    return [...values.values()].map(({ shots, name, all }) => {
      const interval = interval95(all);
      return { method, shots, name, mean: mean(all), ...(interval !== undefined && { interval }), tasks: all.length };
    });
  });
}

/** What was taken for what, with the largest number of shots, summed over the seeds by the names of the classes. */
export function confusions(runs: readonly Clean[], methods: readonly Method[]): Confusion[] {
  return perMethod(runs, methods, (method, own) => {
    const shots = Math.max(...own.flatMap(({ report }) => report.results.map((result) => result.shots)));
    const classes = [...new Set(own.flatMap(({ report }) => report.testClasses))].sort();
    const places = new Map(classes.map((name, place) => [name, place]));
    const counts = classes.map(() => classes.map(() => 0));
    for (const { report } of own) {
      const place = (index: number) => places.get(report.testClasses[index] ?? '') ?? -1;
      const cells = report.results.filter((result) => result.shots === shots).flatMap(({ confusion }) => confusion);
      for (const [truth, answer, count] of cells) {
        const row = counts[place(truth)];
        if (row !== undefined) row[place(answer)] = (row[place(answer)] ?? 0) + count;
      }
    }
    return [{ method, shots, classes, counts }];
  });
}

function perMethod<T>(
  runs: readonly Clean[],
  methods: readonly Method[],
  rows: (method: Method, own: readonly Clean[]) => T[],
): T[] {
  return methods.flatMap((method) => {
    const own = runs.filter((run) => run.method === method);
    return own.length === 0 ? [] : rows(method, own);
  });
}
