import type { TextTable } from '../../base/document/textTable.ts';
import type { ExperimentReport, Figure, ReportSection } from '../../protocol.ts';
import { backendTable, passedOverTable } from './backends.ts';
import { accuracyFigures, confusionFigures, curveFigures, differenceFigures, noiseFigures } from './figures.ts';
import { AXES, type Axis, valuesOn } from './levels.ts';
import { levelInWords, reading } from './summary.ts';
import {
  accuracyInWords,
  alongAxis,
  byLevel,
  byShots,
  confusionTable,
  costTable,
  differenceInWords,
  measureTable,
  retrievalTable,
  runTable,
} from './tables.ts';
import { axisWords, percentWithInterval, pointsWithInterval } from './words.ts';

/** The parts of a report that have something to show, as every screen and file shows them. */
export function sectionsOf(report: ExperimentReport): ReportSection[] {
  return [
    accuracy(report),
    differences(report),
    seeds(report),
    ...AXES.flatMap((axis) => noise(report, axis)),
    retrieval(report),
    confusion(report),
    measures(report),
    section('cost', 'Cost', 'Means over the runs of a method; the memory is the most that any of them held.', [
      costTable(report),
    ]),
    section('learning', 'Learning curves', 'Means over the seeds.', [], curveFigures(report)),
    section('runs', 'Runs', 'A run is one method with one seed, and one kind of noise in its pairs.', [
      runTable(report),
    ]),
    backends(report),
  ].filter(({ tables, figures }) => tables.some(({ rows }) => rows.length > 0) || figures.length > 0);
}

function accuracy(report: ExperimentReport): ReportSection {
  const table = byShots(report.rows, report, accuracyInWords);
  return section('accuracy', 'Accuracy', reading(report), [table], accuracyFigures(report), false);
}

function differences(report: ExperimentReport): ReportSection {
  const { reference, differences: all } = report;
  const sentence =
    `${reference} minus each other method on the same test tasks, in percentage points. p is that of the paired t-test, ` +
    `after Holm's correction for the ${all.length} differences of this report.`;
  const table = byShots(all, report, differenceInWords);
  return section('differences', 'Paired differences', sentence, [table], differenceFigures(report), false);
}

function seeds(report: ExperimentReport): ReportSection {
  const sentence =
    "The same means ± 95 % interval by Student's t over the means of the seeds: what other trainings and other splits of " +
    'the classes would change. The intervals above are over tasks, after these trainings.';
  const several = [...report.rows, ...report.differences].some(({ seedInterval }) => seedInterval !== undefined);
  const tables = [
    byShots(report.rows, report, (row) => percentWithInterval(row.accuracy, row.seedInterval)),
    byShots(report.differences, report, (row) => pointsWithInterval(row.difference, row.seedInterval)),
  ];
  return section('seeds', 'Over seeds', sentence, several ? tables : [], [], false);
}

/** Nothing for an axis with one value. */
function noise(report: ExperimentReport, axis: Axis): ReportSection[] {
  if (valuesOn(report.rows, axis).length < 2) return [];
  const { title, sentence } = axisWords[axis];
  const rest = AXES.filter((other) => other !== axis && valuesOn(report.rows, other).length > 1);
  const others = rest.length === 0 ? '' : ` The rest is at ${levelInWords(report.cleanest, rest)}.`;
  const tables = [
    byLevel(report.rows, report, axis, accuracyInWords),
    byLevel(alongAxis(report.differences, report, axis), report, axis, differenceInWords),
  ];
  return [section(axis, title, sentence + others, tables, noiseFigures(report, axis), false)];
}

function retrieval(report: ExperimentReport): ReportSection {
  const sentence =
    'Recall@k in percent among fifty pairs of new classes (or all, where there are fewer), by cosine, before any label of ' +
    'them is seen: mean ± 95 % interval over twenty draws of each seed.';
  const table = report.retrieval.length === 0 ? [] : [retrievalTable(report)];
  return section('retrieval', 'Retrieval on new classes', sentence, table, [], false);
}

function confusion(report: ExperimentReport): ReportSection {
  const sentence =
    'Which class is taken for which, with the most labels and the least noise, over all tasks and seeds. A class can only ' +
    'be taken for another of the same task.';
  return section('confusion', 'Confusion of classes', sentence, [confusionTable(report)], confusionFigures(report));
}

function measures(report: ExperimentReport): ReportSection {
  const sentence = 'What methods measured of themselves: mean ± 95 % interval over the test tasks.';
  return section('measures', 'Measures', sentence, [measureTable(report)]);
}

function backends(report: ExperimentReport): ReportSection {
  const sentence =
    'What the runs computed on, who chose it, and what the automatic choice passed over, as a probe found and measured them ' +
    'when the runs began. It takes a GPU where there is one, else what is faster.';
  return section('backend', 'Backend', sentence, [backendTable(report), passedOverTable(report)]);
}

function section(
  id: string,
  title: string,
  sentence: string,
  tables: readonly TextTable[],
  figures: readonly Figure[] = [],
  detail = true,
): ReportSection {
  return {
    ...{ id, title, sentence, detail },
    tables: tables
      .filter(({ rows }) => rows.length > 0)
      .map(({ header, rows }) => ({ header: [...header], rows: rows.map((row) => [...row]) })),
    figures: [...figures],
  };
}
