import * as vscode from 'vscode';
import type { Modality, RunSummary } from '../protocol.ts';
import { EXPERIMENT_FILES } from './commandIds.ts';
import { Failure } from './failure.ts';
import { isActive } from './runs/runStates.ts';
import { runDescription, runLabel } from './runs/runText.ts';
import { isExperimentFile } from './targets.ts';
import type { Workspaces } from './workspaces.ts';

interface Choice<T> extends vscode.QuickPickItem {
  readonly chosen: T;
}

/** One of several; the only one without asking; undefined when the user turns away. */
async function pickOne<T>(choices: readonly Choice<T>[], title: string, none: string): Promise<T | undefined> {
  const [only, another] = choices;
  if (only === undefined) throw new Failure('input', none);
  if (another === undefined) return only.chosen;
  return (await vscode.window.showQuickPick(choices, { title, matchOnDescription: true }))?.chosen;
}

export async function pickDataset(workspaces: Workspaces): Promise<string | undefined> {
  const lists = await Promise.all(workspaces.all().map((workspace) => workspace.datasets.list()));
  const choices = lists.flat().map((dataset) => ({
    label: dataset.name,
    description: vscode.workspace.asRelativePath(dataset.path),
    chosen: dataset.path,
  }));
  const none = vscode.l10n.t('No dataset file is open here. Initialise a dataset folder first.');
  return await pickOne(choices, vscode.l10n.t('Choose a dataset'), none);
}

/** From which modality to which, of those that an indexed dataset pairs. */
export async function pickDirection(
  workspaces: Workspaces,
  dataset: string,
): Promise<{ source: Modality; target: Modality } | undefined> {
  const summary = (await workspaces.of(dataset).datasets.list()).find(({ path }) => path === dataset);
  const paired = summary?.snapshot?.pairs.filter(({ count }) => count > 0) ?? [];
  const directions = paired.flatMap(({ first, second }) => [
    { source: first, target: second },
    { source: second, target: first },
  ]);
  const choices = directions.map((direction) => ({
    label: `${direction.source} → ${direction.target}`,
    description: vscode.l10n.t('labels are plentiful for {0}, scarce for {1}', direction.source, direction.target),
    chosen: direction,
  }));
  const none = vscode.l10n.t('This dataset has no indexed pairs. Index it first.');
  return await pickOne(choices, vscode.l10n.t('Learn from which modality for which?'), none);
}

export async function pickPair(workspaces: Workspaces, dataset: string): Promise<string | undefined> {
  const { client } = workspaces.of(dataset);
  const { rows } = await client.request('dataset/pairs', { dataset, filter: {}, offset: 0, limit: 1000 });
  const choices = rows.map((row) => ({
    label: row.key,
    description: [row.split, row.class].filter((word) => word !== undefined).join(' · '),
    detail: `${row.first.item}  ↔  ${row.second.item}`,
    chosen: row.id,
  }));
  return await pickOne(choices, vscode.l10n.t('Choose a pair'), vscode.l10n.t('This dataset has no pairs.'));
}

/** The experiment file in the active editor, else one of those in the window. */
export async function pickExperiment(): Promise<string | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.scheme === 'file' && isExperimentFile(active.path)) return active.fsPath;
  const files = await vscode.workspace.findFiles(EXPERIMENT_FILES, '**/{node_modules,.pairlab}/**');
  const choices = files
    .map((file) => ({ label: vscode.workspace.asRelativePath(file), chosen: file.fsPath }))
    .sort((a, b) => a.label.localeCompare(b.label));
  const none = vscode.l10n.t('There is no *.experiment.yaml in the open folders.');
  return await pickOne(choices, vscode.l10n.t('Choose an experiment'), none);
}

export async function pickActiveRun(workspaces: Workspaces): Promise<RunSummary | undefined> {
  const lists = await Promise.all(workspaces.all().map((workspace) => workspace.runs.list()));
  const choices = lists
    .flat()
    .filter((run) => isActive(run.state))
    .map((run) => ({
      label: runLabel(run),
      description: `${vscode.workspace.asRelativePath(run.experiment)} · ${runDescription(run)}`,
      chosen: run,
    }));
  return await pickOne(choices, vscode.l10n.t('Choose a run to stop'), vscode.l10n.t('No run is active.'));
}

/** A folder of media that has no dataset file yet. */
export async function pickFolder(): Promise<string | undefined> {
  const first = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: false,
    title: vscode.l10n.t('Choose a folder of paired media'),
    openLabel: vscode.l10n.t('Initialise'),
    ...(first === undefined ? {} : { defaultUri: first }),
  });
  return chosen?.[0]?.fsPath;
}
