import * as z from 'zod';
import { readJson, writeJson } from '../../src/base/files.ts';
import { encodersOf } from './findings.ts';
import type { Results } from './results.ts';

/** What a method reached on the test tasks of an experiment, and when and from which vectors. */
const Accuracy = z.strictObject({
  /** As sample/text-image-methods. */
  experiment: z.string(),
  method: z.string(),
  byShots: z.array(z.strictObject({ shots: z.number(), mean: z.number(), interval: z.number() })),
  tasks: z.number(),
  /** Names the settings of the experiment. */
  settings: z.string(),
  encoders: z.string(),
  computed: z.iso.date(),
});
export type Accuracy = z.infer<typeof Accuracy>;

/** Of each method of an experiment that compares methods, in the order of its report. */
export function accuraciesOf(experiment: string, settings: string, results: Results, today: string): Accuracy[] {
  return results.methods.map((method) => {
    const found = results.shots.map((shots) => ({ shots, ...results.accuracy({ method, shots }) }));
    return {
      experiment,
      method,
      byShots: found.map(({ shots, mean, interval }) => ({ shots, mean, interval })),
      tasks: Math.min(...found.map(({ tasks }) => tasks)),
      settings,
      encoders: encodersOf(experiment),
      computed: today,
    };
  });
}

/** What was found so far, on any machine. */
export async function readAccuracies(path: string): Promise<Accuracy[]> {
  return (await readJson(path, z.array(Accuracy))) ?? [];
}

export async function writeAccuracies(path: string, accuracies: readonly Accuracy[]): Promise<void> {
  await writeJson(path, accuracies);
}

/**
 * What is here, and of the rest what was found on other machines, with settings and encoders as they are; what is the same as
 * before keeps its day.
 * @param settings those of each experiment that compares methods
 */
export function withEarlierAccuracies(
  here: readonly Accuracy[],
  earlier: readonly Accuracy[],
  settings: ReadonlyMap<string, string>,
): Accuracy[] {
  const same = (a: Accuracy, b: Accuracy) => a.experiment === b.experiment && a.method === b.method;
  const dated = here.map((found) => {
    const before = earlier.find((other) => same(found, other));
    return before !== undefined && JSON.stringify({ ...before, computed: found.computed }) === JSON.stringify(found)
      ? before
      : found;
  });
  const elsewhere = earlier.filter(
    (found) =>
      !here.some((other) => same(found, other)) &&
      found.settings === settings.get(found.experiment) &&
      found.encoders === encodersOf(found.experiment),
  );
  return [...dated, ...elsewhere].sort((a, b) => a.experiment.localeCompare(b.experiment));
}

/** A table for each experiment, the best method at the most shots first. */
export function renderAccuracies(accuracies: readonly Accuracy[]): string {
  const experiments = [...new Set(accuracies.map(({ experiment }) => experiment))];
  return experiments.map((experiment) => renderExperiment(experiment, accuracies)).join('\n\n');
}

function renderExperiment(experiment: string, accuracies: readonly Accuracy[]): string {
  const own = accuracies.filter((found) => found.experiment === experiment);
  const last = ({ byShots }: Accuracy) => byShots.at(-1)?.mean ?? 0;
  const shots = [...new Set(own.flatMap(({ byShots }) => byShots.map((found) => found.shots)))];
  const header = ['method', ...shots.map((k) => `k=${k}`), 'tasks', 'computed'];
  const rows = own
    .sort((a, b) => last(b) - last(a))
    .map(({ method, byShots, tasks, computed }) => [
      `\`${method}\``,
      ...shots.map((k) => percentOf(byShots.find((found) => found.shots === k))),
      String(tasks),
      computed,
    ]);
  const lines = [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return [`### ${experiment}`, '', ...lines].join('\n');
}

function percentOf(found: { readonly mean: number; readonly interval: number } | undefined): string {
  return found === undefined ? '' : `${(100 * found.mean).toFixed(1)} ± ${(100 * found.interval).toFixed(1)}`;
}
