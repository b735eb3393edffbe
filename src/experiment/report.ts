import { join, resolve } from 'node:path';
import { InputError } from '../base/errors.ts';
import { exists, isFolder, readJson, writeAtomically, writeJson } from '../base/files.ts';
import { type ExperimentReport, Method, type ReportView, type RunSummary } from '../protocol.ts';
import { loadExperiment } from './config.ts';
import { planRuns, slug } from './plan.ts';
import { drawFigures } from './report/figures.ts';
import { renderHtml } from './report/html.ts';
import { renderMarkdown } from './report/markdown.ts';
import { accuracyRows, pairedDifferences } from './report/rows.ts';
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
  /** Runs that have begun, in the order of the grid; the first gives what they have in common. */
  readonly folders: readonly string[];
  readonly planned: number;
}

/**
 * Gathers what the runs of an experiment file as it stands have shown (or one run, by its folder) and writes
 * report.json, report.md and report.html below `.pairlab/reports/`.
 *
 * @throws InputError when no run has finished yet.
 */
export async function reportExperiment(path: string): Promise<ReportView> {
  const subject = await subjectOf(resolve(path));
  const report = await gather(subject);
  const figures = drawFigures(report);
  const folder = join(reportsFolder(subject.workspace), slug(subject.name));
  const files = {
    json: join(folder, 'report.json'),
    markdown: join(folder, 'report.md'),
    html: join(folder, 'report.html'),
  };
  await writeJson(files.json, report);
  await writeAtomically(files.markdown, renderMarkdown(report));
  await writeAtomically(files.html, renderHtml(report, figures));
  return { report, figures, files };
}

async function subjectOf(path: string): Promise<Subject> {
  if (await isFolder(path)) {
    const { id } = await readRecord(path);
    return { name: id, workspace: workspaceOf(path), folders: [path], planned: 1 };
  }
  const { experiment, dataset, snapshot, folders } = await planRuns(await loadExperiment(path));
  snapshot.close();
  const there = await Promise.all(folders.map((folder) => exists(runFiles(folder).record)));
  return {
    name: experiment.name,
    workspace: dataset.workspace,
    folders: folders.filter((_, index) => there[index]),
    planned: folders.length,
  };
}

async function gather({ name, workspace, folders, planned }: Subject): Promise<ExperimentReport> {
  const runs = await Promise.all(folders.map(summariseRun));
  const records = await Promise.all(folders.map(readRecord));
  const finished = (await Promise.all(records.map((record, index) => measured(record, folders[index] ?? '')))).flat();
  const [first] = finished;
  if (first === undefined) {
    throw new InputError(
      `No run of ${name} has finished yet${runs.length > 0 ? `; ${runs.length} have begun` : ''}. ` +
        'Start or resume them with `pairlab run`, and report again when one has finished.',
    );
  }
  const { plan, experiment, dataset } = first.record;
  const methods = Method.options.filter((method) => finished.some((run) => run.method === method));
  return {
    name,
    experiment: fromRecordPath(workspace, experiment),
    created: new Date().toISOString(),
    dataset: fromRecordPath(workspace, dataset),
    data: plan.data,
    source: plan.source,
    target: plan.target,
    ways: plan.settings.ways,
    queries: plan.settings.queries,
    chance: 1 / plan.settings.ways,
    classes: first.report.classes,
    rows: accuracyRows(finished, methods),
    differences: pairedDifferences(finished, methods),
    runs,
    notes: notesOf(
      runs,
      finished.flatMap(({ report }) => report.notes),
      planned,
    ),
    backend: [...new Set(finished.map(({ report }) => report.backend))].join(', '),
    seconds: finished.reduce((sum, { report }) => sum + report.seconds, 0),
  };
}

/** The run with its accuracies; nothing when it has not finished. */
async function measured(record: RunRecord, folder: string) {
  const report = await readJson(runFiles(folder).report, RunReport);
  const { method, settings } = record.plan;
  return report === undefined ? [] : [{ record, report, method, seed: settings.seed, results: report.results }];
}

function notesOf(runs: readonly RunSummary[], notes: readonly string[], planned: number): string[] {
  const finished = runs.filter(({ state }) => state === 'finished');
  const seeds = new Set(finished.map(({ seed }) => seed)).size;
  const missing = planned - finished.length;
  return [
    ...(missing > 0 ? [`${missing} of ${planned} runs have not finished; their numbers are missing here.`] : []),
    ...runs.flatMap(({ id, error }) => (error === undefined ? [] : [`${id} failed: ${error}`])),
    ...(seeds === 1 ? ['One seed only: the intervals do not show how much another training would differ.'] : []),
    ...new Set(notes),
  ];
}
