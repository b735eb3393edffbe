import { join, resolve } from 'node:path';
import { InputError } from '../base/errors.ts';
import { exists, isFolder, readJson, writeAtomically, writeJson } from '../base/files.ts';
import type { ExperimentReport, Method, NoiseLevel, ReportView, RunSummary } from '../protocol.ts';
import { loadExperiment } from './config.ts';
import type { Cell } from './grid.ts';
import { planRuns, slug } from './plan.ts';
import { type Clean, confusions, costRows, measureRows, retrievalRows } from './report/aspects.ts';
import { renderCsv } from './report/csv.ts';
import { renderHtml } from './report/html.ts';
import { renderLatex } from './report/latex.ts';
import { cleanestOf, differingAxes } from './report/levels.ts';
import { renderMarkdown } from './report/markdown.ts';
import { accuracyRows, type Measured, pairedDifferences } from './report/rows.ts';
import { sectionsOf } from './report/sections.ts';
import {
  fromRecordPath,
  type RunRecord,
  RunReport,
  readRecord,
  reportsFolder,
  runFiles,
  workspaceOf,
} from './runFolder.ts';
import { summariseRun } from './summary.ts';

/** The runs to report on, and where their report goes. */
interface Subject {
  readonly name: string;
  readonly workspace: string;
  /** The grid; runs that have not begun are not in it. */
  readonly cells: readonly { readonly cell: Cell; readonly folder: string }[];
  /** Runs in the whole grid. */
  readonly planned: number;
}

/** A run that has finished, with the cells that it stands for. */
interface Finished {
  readonly record: RunRecord;
  readonly report: RunReport;
  readonly cells: readonly Cell[];
}

/**
 * Gathers what the runs of an experiment file as it stands have shown (or one run, by its folder) and writes it below
 * `.pairlab/reports/` as report.json, .md, .html and .tex, and the accuracy of every task as report.csv.
 *
 * @param reference what every other method is compared with; the first of the file where it says nothing
 * @throws InputError when no run has finished yet, or none of the reference.
 */
export async function reportExperiment(path: string, reference?: Method): Promise<ReportView> {
  const subject = await subjectOf(resolve(path));
  const finished = await finishedOf(subject);
  const report = await gather(subject, finished, reference);
  const sections = sectionsOf(report);
  const folder = join(reportsFolder(subject.workspace), slug(subject.name));
  const files = {
    json: join(folder, 'report.json'),
    markdown: join(folder, 'report.md'),
    html: join(folder, 'report.html'),
    csv: join(folder, 'report.csv'),
    latex: join(folder, 'report.tex'),
  };
  await writeJson(files.json, report);
  await writeAtomically(files.markdown, renderMarkdown(report, sections));
  await writeAtomically(files.html, renderHtml(report, sections));
  await writeAtomically(files.csv, renderCsv(finished.flatMap(measuredOf)));
  await writeAtomically(files.latex, renderLatex(report));
  return { report, sections, files };
}

async function subjectOf(path: string): Promise<Subject> {
  if (await isFolder(path)) {
    const { id, plan } = await readRecord(path);
    const { seed, pairNoise, pairsPerClass } = plan.settings;
    const cell = { method: plan.method, seed, pairNoise, ...(pairsPerClass !== undefined && { pairsPerClass }) };
    return { name: id, workspace: workspaceOf(path), cells: [{ cell, folder: path }], planned: 1 };
  }
  const { experiment, dataset, snapshots, folders, cells } = await planRuns(await loadExperiment(path));
  snapshots.close();
  const there = await Promise.all(folders.map((folder) => exists(runFiles(folder).record)));
  const begun = new Set(folders.filter((_, index) => there[index]));
  return {
    name: experiment.name,
    workspace: dataset.workspace,
    cells: cells.filter(({ folder }) => begun.has(folder)),
    planned: folders.length,
  };
}

async function finishedOf({ cells }: Subject): Promise<Finished[]> {
  const found = foldersOf(cells).map(async (folder): Promise<Finished[]> => {
    const report = await readJson(runFiles(folder).report, RunReport);
    const own = cells.filter((each) => each.folder === folder).map(({ cell }) => cell);
    return report === undefined ? [] : [{ record: await readRecord(folder), report, cells: own }];
  });
  return (await Promise.all(found)).flat();
}

async function gather(
  { name, workspace, cells, planned }: Subject,
  finished: readonly Finished[],
  wanted: Method | undefined,
): Promise<ExperimentReport> {
  const runs = await Promise.all(foldersOf(cells).map(summariseRun));
  const [first] = finished;
  if (first === undefined) {
    throw new InputError(
      `No run of ${name} has finished yet${runs.length > 0 ? `; ${runs.length} have begun` : ''}. ` +
        'Start or resume them with `pairlab run`, and report again when one has finished.',
    );
  }
  const { plan, experiment, dataset, sourceDataset } = first.record;
  const methods = [...new Set(finished.map(({ record }) => record.plan.method))];
  const reference = referenceOf(methods, wanted, first.record.plan.method);
  const measured = finished.flatMap(measuredOf);
  const rows = accuracyRows(measured, methods);
  const cleanest = cleanestOf(rows);
  const clean = finished.flatMap((run) => cleanOf(run, cleanest));
  return {
    name,
    experiment: fromRecordPath(workspace, experiment),
    created: new Date().toISOString(),
    dataset: fromRecordPath(workspace, dataset),
    ...(sourceDataset !== undefined && { sourceDataset: fromRecordPath(workspace, sourceDataset) }),
    data: plan.data,
    source: plan.source,
    target: plan.target,
    ways: plan.settings.ways,
    queries: plan.settings.queries,
    chance: 1 / plan.settings.ways,
    classes: first.report.classes,
    methods,
    reference,
    cleanest,
    rows,
    differences: pairedDifferences(measured, methods, reference, cleanest),
    retrieval: retrievalRows(clean, methods),
    confusions: confusions(clean, methods),
    measures: measureRows(clean, methods),
    costs: costRows(clean, methods),
    runs,
    notes: notesOf(runs, finished, planned),
    backend: [...new Set(finished.map(({ report }) => report.backend))].join(', '),
    seconds: finished.reduce((sum, { report }) => sum + report.cost.trainingSeconds + report.cost.testSeconds, 0),
  };
}

function referenceOf(methods: readonly Method[], wanted: Method | undefined, first: Method): Method {
  if (wanted === undefined || methods.includes(wanted)) return wanted ?? first;
  throw new InputError(
    `No run of ${wanted} has finished, so nothing can be compared with it. There are: ${methods.join(', ')}.`,
  );
}

/** The run once for every cell that it stands for. */
function measuredOf({ report: { results }, cells }: Finished): Measured[] {
  return cells.map((cell) => ({ ...cell, results }));
}

/** The run with its results at the least label noise; nothing when it stands for other levels only. */
function cleanOf({ report, cells }: Finished, cleanest: NoiseLevel): Clean[] {
  const { labelNoise } = cleanest;
  const [cell] = cells.filter((each) => differingAxes({ ...each, labelNoise }, cleanest).length === 0);
  const results = report.results.filter((result) => result.labelNoise === labelNoise);
  return cell === undefined ? [] : [{ method: cell.method, report: { ...report, results } }];
}

function foldersOf(cells: Subject['cells']): string[] {
  return [...new Set(cells.map(({ folder }) => folder))];
}

function notesOf(runs: readonly RunSummary[], finished: readonly Finished[], planned: number): string[] {
  const seeds = new Set(finished.map(({ record }) => record.plan.settings.seed)).size;
  const missing = planned - finished.length;
  return [
    ...(missing > 0 ? [`${missing} of ${planned} runs have not finished; their numbers are missing here.`] : []),
    ...runs.flatMap(({ id, error }) => (error === undefined ? [] : [`${id} failed: ${error}`])),
    ...(seeds === 1 ? ['One seed only: the intervals do not show how much another training would differ.'] : []),
    ...new Set(finished.flatMap(({ report }) => report.notes)),
  ];
}
