import type { ExperimentReport, NoiseLevel } from '../../protocol.ts';
import { AXES, type Axis, differingAxes, valueOn, valuesOn } from './levels.ts';
import { axisWords, duration, percentWithInterval, plural, valueInWords } from './words.ts';

/** What the numbers are about, in a sentence. */
export function subject({ source, target, sourceDataset, ways, queries, chance }: ExperimentReport): string {
  const learnt = sourceDataset === undefined ? `and ${source}–${target} pairs` : 'of another dataset';
  return (
    `${ways}-way few-shot classification of new ${target} classes, after training with ${source} labels ${learnt}. ` +
    `${plural(queries, 'query item')} per class; chance is ${percentWithInterval(chance, undefined)} %.`
  );
}

/** What the numbers and their intervals mean. */
export function reading({ rows, cleanest }: ExperimentReport): string {
  const clean = rows.filter((row) => differingAxes(row, cleanest).length === 0);
  const tasks = Math.max(0, ...clean.map((row) => row.tasks));
  const seeds = Math.max(0, ...clean.map((row) => row.seeds));
  const several = AXES.filter((axis) => valuesOn(rows, axis).length > 1 || valueOn(cleanest, axis) !== WHOLE[axis]);
  const level = several.length === 0 ? '' : `, with ${levelInWords(cleanest, several)}`;
  return `Accuracy in percent${level}: mean ± 95 % interval over ${plural(tasks, 'test task')} of ${plural(seeds, 'seed')}.`;
}

/** What goes without saying. */
const WHOLE: Readonly<Record<Axis, number>> = {
  labelNoise: 0,
  pairNoise: 0,
  pairsPerClass: Number.POSITIVE_INFINITY,
};

/** "0 % label noise, 30 pairs per class" */
export function levelInWords(level: NoiseLevel, axes: readonly Axis[]): string {
  return axes
    .map((axis) => `${valueInWords(valueOn(level, axis), axis)} ${axisWords[axis].title.toLowerCase()}`)
    .join(', ');
}

/** Label and value pairs: where the numbers come from. */
export function facts(report: ExperimentReport): [string, string][] {
  const { train, validation, test } = report.classes;
  const { sourceDataset } = report;
  const ofSource: [string, string][] = sourceDataset === undefined ? [] : [['Dataset of the source', sourceDataset]];
  return [
    ['Dataset', report.dataset],
    ...ofSource,
    ['Data', report.data],
    ['Classes', `${train} to train, ${validation} to validate, ${test} to test`],
    ['Backend', report.backend],
    ['Work', `${duration(report.seconds)} over ${plural(report.runs.length, 'run')}`],
    ['Experiment', report.experiment],
    ['Written', report.created],
  ];
}
