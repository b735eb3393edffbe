import * as vscode from 'vscode';
import { BackendChoice } from '../protocol.ts';
import type { BackendDocument } from './backends/backendDocument.ts';
import { setUpRuntime } from './backends/setUpRuntime.ts';
import type { BackgroundChecks } from './checks/backgroundChecks.ts';
import { commandIds, settings } from './commandIds.ts';
import type { CommandHandlers } from './commands.ts';
import { decisionActions } from './decisions/decisionActions.ts';
import { fixActions } from './decisions/fixActions.ts';
import type { DatasetTree } from './explorer/datasetTree.ts';
import { isMoreRow } from './explorer/rows.ts';
import { requireTrust } from './failure.ts';
import type { Panels } from './panels/panels.ts';
import { pickProposal } from './pickProposal.ts';
import { pickActiveRun, pickDataset, pickDirection, pickExperiment, pickFolder, pickPair } from './picks.ts';
import { runJob } from './runJob.ts';
import type { StatisticsDocuments } from './statistics/statisticsDocuments.ts';
import { AlignmentTarget, DatasetTarget, ExperimentTarget, PairTarget, RunTarget, targetIn } from './targets.ts';
import type { Workspaces } from './workspaces.ts';

export interface ActionContext {
  readonly workspaces: Workspaces;
  readonly datasetTree: DatasetTree;
  readonly panels: Panels;
  readonly checks: BackgroundChecks;
  readonly statistics: StatisticsDocuments;
  readonly backends: BackendDocument;
  /** The rows that are selected in the explorer. */
  readonly selection: () => readonly unknown[];
  readonly log: vscode.LogOutputChannel;
}

/** What each command does. */
export function actions(context: ActionContext): CommandHandlers {
  const { workspaces, datasetTree, panels, checks, statistics, backends, log } = context;
  return {
    ...decisionActions(context),
    ...fixActions(context),
    indexDataset: async (argument) => {
      requireTrust();
      const given = targetIn(DatasetTarget, argument, 'dataset')?.dataset;
      const dataset = given ?? (await pickOrInitDataset(workspaces));
      if (dataset !== undefined) await indexDataset(workspaces, dataset);
    },
    checkDataset: async (argument) => {
      requireTrust();
      const dataset = targetIn(DatasetTarget, argument, 'dataset')?.dataset ?? (await pickDataset(workspaces));
      if (dataset !== undefined) await checkDataset(workspaces, dataset);
    },
    stopCheck: () => checks.stop(),
    showStatistics: async (argument) => {
      const dataset = targetIn(DatasetTarget, argument, 'dataset')?.dataset ?? (await pickDataset(workspaces));
      if (dataset !== undefined) await statistics.show(dataset);
    },
    initDataset: async (argument) => {
      requireTrust();
      const folder = argument instanceof vscode.Uri ? argument.fsPath : await pickFolder();
      if (folder !== undefined) await openNewDataset(workspaces, folder);
    },
    showBackends: async () => {
      requireTrust();
      await backends.show();
    },
    setUpRuntime: async () => {
      requireTrust();
      await setUpRuntime(workspaces, backends);
    },
    refresh: () => {
      for (const workspace of workspaces.all()) workspace.refresh();
    },
    showMore: (argument) => {
      if (isMoreRow(argument)) datasetTree.showMore(argument);
    },
    openPair: async (argument) => {
      const given = targetIn(PairTarget, argument);
      const dataset = given?.dataset ?? (await pickDataset(workspaces));
      const pair = given?.pair ?? (dataset && (await pickPair(workspaces, dataset)));
      if (dataset && pair) await panels.open({ page: 'pair', dataset, pair });
    },
    showAlignment: async (argument) => {
      const given = targetIn(AlignmentTarget, argument, 'dataset');
      const dataset = given?.dataset ?? (await pickDataset(workspaces));
      if (dataset !== undefined) await panels.open({ page: 'alignment', dataset, modalities: given?.modalities });
    },
    newExperiment: async (argument) => {
      requireTrust();
      const dataset = targetIn(DatasetTarget, argument, 'dataset')?.dataset ?? (await pickDataset(workspaces));
      if (dataset !== undefined) await newExperiment(workspaces, dataset);
    },
    runExperiment: async (argument) => {
      requireTrust();
      const target = await experimentTarget(argument);
      if (target !== undefined) await runExperiment(context, target);
    },
    stopRun: async (argument) => {
      requireTrust();
      await stopRun(workspaces, argument);
    },
    showReport: async (argument) => {
      const experiment = (await experimentTarget(argument))?.experiment;
      if (experiment !== undefined) await panels.open({ page: 'runs', experiment });
    },
    showLog: () => log.show(),
  };
}

async function indexDataset(workspaces: Workspaces, dataset: string): Promise<void> {
  const { client } = workspaces.of(dataset);
  const snapshot = await runJob(vscode.l10n.t('Indexing {0}', vscode.workspace.asRelativePath(dataset)), (options) =>
    client.request('dataset/index', { dataset }, options),
  );
  const pairs = snapshot.pairs.reduce((total, { count }) => total + count, 0);
  const problems = Object.values(snapshot.problems).reduce((total, count) => total + count, 0);
  const found = vscode.l10n.t('Found {0} pairs, {1} unpaired files, {2} problems.', pairs, snapshot.unpaired, problems);
  void vscode.window.showInformationMessage(found);
}

async function checkDataset(workspaces: Workspaces, dataset: string): Promise<void> {
  const { client } = workspaces.of(dataset);
  const title = vscode.l10n.t('Checking the media of {0}', vscode.workspace.asRelativePath(dataset));
  const asked = { dataset, background: false };
  const snapshot = await runJob(title, (options) => client.request('dataset/check', asked, options));
  const problems = Object.values(snapshot.problems).reduce((total, count) => total + count, 0);
  void vscode.window.showInformationMessage(vscode.l10n.t('All media were decoded: {0} problems.', problems));
}

/** Where there is no dataset file yet, the first step is to make one. */
async function pickOrInitDataset(workspaces: Workspaces): Promise<string | undefined> {
  const lists = await Promise.all(workspaces.all().map((workspace) => workspace.datasets.list()));
  if (lists.flat().length > 0) return await pickDataset(workspaces);
  const [only, another] = workspaces.all();
  const folder = only !== undefined && another === undefined ? only.folder.uri.fsPath : await pickFolder();
  return folder === undefined ? undefined : (await initDataset(workspaces, folder))?.written;
}

/** Writes the dataset file of the layout that fits, which the user chooses when that is not plain. */
async function initDataset(
  workspaces: Workspaces,
  folder: string,
): Promise<{ written: string; description: string } | undefined> {
  const { client } = workspaces.of(folder);
  const title = vscode.l10n.t('Looking at {0}', folder);
  const proposals = await runJob(title, (options) => client.request('dataset/propose', { folder }, options));
  const choice = await pickProposal(folder, proposals);
  if (choice === undefined) return undefined;
  return await runJob(title, (options) => client.request('dataset/init', { folder, choice }, options));
}

async function openNewDataset(workspaces: Workspaces, folder: string): Promise<void> {
  const made = await initDataset(workspaces, folder);
  if (made === undefined) return;
  const { written, description } = made;
  await vscode.window.showTextDocument(vscode.Uri.file(written));
  const index = vscode.l10n.t('Index Dataset');
  void vscode.window.showInformationMessage(description, index).then((chosen) => {
    if (chosen === index) void vscode.commands.executeCommand(commandIds.indexDataset, { dataset: written });
  });
}

async function newExperiment(workspaces: Workspaces, dataset: string): Promise<void> {
  const direction = await pickDirection(workspaces, dataset);
  if (direction === undefined) return;
  const { client } = workspaces.of(dataset);
  const { written } = await client.request('experiment/create', { dataset, ...direction });
  await vscode.window.showTextDocument(vscode.Uri.file(written));
}

async function experimentTarget(argument: unknown): Promise<ExperimentTarget | undefined> {
  const given = targetIn(ExperimentTarget, argument, 'experiment');
  if (given !== undefined) return given;
  const experiment = await pickExperiment();
  return experiment === undefined ? undefined : { experiment };
}

async function runExperiment({ workspaces, panels }: ActionContext, target: ExperimentTarget): Promise<void> {
  const { experiment, method } = target;
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === experiment);
  await open?.save();
  const { client } = workspaces.of(experiment);
  const configuration = vscode.workspace.getConfiguration(settings.section);
  const jobs = configuration.get(settings.jobs, 0);
  const backend = BackendChoice.catch('auto').parse(configuration.get(settings.backend));
  const asked = { experiment, backend, ...(method !== undefined && { method }), ...(jobs > 0 && { jobs }) };
  const { queued, alreadyFinished } = await client.request('experiment/start', asked);
  if (queued > 0) return;
  const report = vscode.l10n.t('Show Report');
  const sentence = vscode.l10n.t('All {0} runs of these settings are finished already.', alreadyFinished);
  if ((await vscode.window.showInformationMessage(sentence, report)) === report) {
    await panels.open({ page: 'runs', experiment });
  }
}

/** A run of the tree, the runs of an experiment (of a lens), or one that the user picks. */
async function stopRun(workspaces: Workspaces, argument: unknown): Promise<void> {
  const run = targetIn(RunTarget, argument);
  if (run !== undefined) {
    await workspaces.of(run.experiment).client.request('run/stop', { run: run.run });
    return;
  }
  const target = targetIn(ExperimentTarget, argument, 'experiment');
  if (target === undefined) {
    const picked = await pickActiveRun(workspaces);
    if (picked !== undefined) await workspaces.of(picked.experiment).client.request('run/stop', { run: picked.id });
    return;
  }
  const { stopping } = await workspaces.of(target.experiment).client.request('experiment/stop', target);
  if (stopping === 0) void vscode.window.showInformationMessage(vscode.l10n.t('No run of this experiment is active.'));
}
