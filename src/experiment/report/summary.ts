import type { ExperimentReport } from '../../protocol.ts';
import { duration, percentWithInterval, plural } from './words.ts';

/** What the numbers are about, in a sentence. */
export function subject({ source, target, ways, queries, chance }: ExperimentReport): string {
  return (
    `${ways}-way few-shot classification of new ${target} classes, after training with ${source} labels and ` +
    `${source}–${target} pairs. ${plural(queries, 'query item')} per class; chance is ${percentWithInterval(chance, undefined)} %.`
  );
}

/** What the intervals mean. */
export function reading({ rows }: ExperimentReport): string {
  const tasks = Math.max(0, ...rows.map((row) => row.tasks));
  const seeds = Math.max(0, ...rows.map((row) => row.seeds));
  return `Accuracy in percent: mean ± 95 % interval over ${plural(tasks, 'test task')} of ${plural(seeds, 'seed')}.`;
}

/** Label and value pairs: where the numbers come from. */
export function facts(report: ExperimentReport): [string, string][] {
  const { train, validation, test } = report.classes;
  return [
    ['Dataset', report.dataset],
    ['Data', report.data],
    ['Classes', `${train} to train, ${validation} to validate, ${test} to test`],
    ['Backend', report.backend],
    ['Work', `${duration(report.seconds)} over ${plural(report.runs.length, 'run')}`],
    ['Experiment', report.experiment],
    ['Written', report.created],
  ];
}
