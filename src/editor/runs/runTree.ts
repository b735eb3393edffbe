import * as vscode from 'vscode';
import { Method, type RunState, type RunSummary } from '../../protocol.ts';
import { contextKeys } from '../commandIds.ts';
import { Disposable } from '../disposable.ts';
import { Failure } from '../failure.ts';
import type { Workspaces } from '../workspaces.ts';
import { isActive } from './runStates.ts';
import { gridText, loadText, passedOver, runDescription, runLabel, stateText } from './runText.ts';

/** An experiment file and its runs, also those of earlier settings. */
interface ExperimentRow {
  readonly row: 'experiment';
  readonly experiment: string;
  readonly runs: readonly RunSummary[];
}

interface RunRow {
  readonly row: 'run';
  readonly run: string;
  readonly experiment: string;
  readonly summary: RunSummary;
}

/** Stands in place of runs that could not be had. */
interface FailureRow {
  readonly row: 'failure';
  readonly sentence: string;
}

type Row = ExperimentRow | RunRow | FailureRow;

export class RunTree extends Disposable implements vscode.TreeDataProvider<Row> {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #workspaces: Workspaces;

  constructor(workspaces: Workspaces) {
    super();
    this.#workspaces = workspaces;
    this.register(workspaces.onDidChangeRuns(() => this.#changed.fire()));
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (row === undefined) return await this.#roots();
    if (row.row !== 'experiment') return [];
    return row.runs
      .toSorted(inGridOrder)
      .map((summary) => ({ row: 'run', run: summary.id, experiment: row.experiment, summary }));
  }

  getTreeItem(row: Row): vscode.TreeItem {
    switch (row.row) {
      case 'experiment':
        return experimentItem(row);
      case 'run':
        return runItem(row);
      case 'failure':
        return failureItem(row);
    }
  }

  async #roots(): Promise<Row[]> {
    try {
      return await this.#experiments();
    } catch (error) {
      return [{ row: 'failure', sentence: Failure.of(error).message }];
    }
  }

  async #experiments(): Promise<ExperimentRow[]> {
    const lists = await Promise.all(this.#workspaces.all().map((workspace) => workspace.runs.list()));
    const byExperiment = new Map<string, RunSummary[]>();
    for (const run of lists.flat()) {
      byExperiment.set(run.experiment, [...(byExperiment.get(run.experiment) ?? []), run]);
    }
    await vscode.commands.executeCommand('setContext', contextKeys.runs, byExperiment.size === 0 ? 'none' : 'some');
    return [...byExperiment].map(([experiment, runs]) => ({ row: 'experiment', experiment, runs }));
  }
}

/** By method and seed, as the experiment file lists them; of the same cell the newest first, which runs.list() gives. */
function inGridOrder(a: RunSummary, b: RunSummary): number {
  return Method.options.indexOf(a.method) - Method.options.indexOf(b.method) || a.seed - b.seed;
}

function experimentItem({ experiment, runs }: ExperimentRow): vscode.TreeItem {
  const label = vscode.workspace.asRelativePath(experiment);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  const active = runs.some((run) => isActive(run.state));
  item.id = experiment;
  item.description = gridText(runs);
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.contextValue = active ? 'experiment.active' : 'experiment';
  item.tooltip = experiment;
  item.accessibilityInformation = { label: `${label}, ${gridText(runs)}` };
  return item;
}

function runItem({ run, experiment, summary }: RunRow): vscode.TreeItem {
  const item = new vscode.TreeItem(runLabel(summary), vscode.TreeItemCollapsibleState.None);
  item.id = run;
  item.description = [runDescription(summary), summary.backend?.name].filter(Boolean).join(' · ');
  item.iconPath = runIcon(summary.state);
  item.contextValue = isActive(summary.state) ? 'run.active' : 'run';
  item.tooltip = runTooltip(summary);
  item.command = {
    command: 'vscode.open',
    title: vscode.l10n.t('Open Experiment'),
    arguments: [vscode.Uri.file(experiment)],
  };
  item.accessibilityInformation = {
    label: `${runLabel(summary)}, ${stateText(summary.state)}, ${runDescription(summary)}`,
  };
  return item;
}

function failureItem({ sentence }: FailureRow): vscode.TreeItem {
  const item = new vscode.TreeItem(sentence, vscode.TreeItemCollapsibleState.None);
  item.iconPath = runIcon('failed');
  item.tooltip = sentence;
  return item;
}

function runTooltip(run: RunSummary): string {
  const lines = [run.id, stateText(run.state), `${run.source} → ${run.target}`];
  if (run.backend !== undefined) lines.push(run.backend.describe, ...passedOver(run.backend));
  const load = loadText(run.load);
  if (load !== '') lines.push(load);
  if (run.error !== undefined) lines.push(run.error);
  return lines.join('\n');
}

function runIcon(state: RunState): vscode.ThemeIcon {
  switch (state) {
    case 'queued':
      return new vscode.ThemeIcon('clock');
    case 'running':
      return new vscode.ThemeIcon('sync~spin');
    case 'stopping':
      return new vscode.ThemeIcon('debug-stop');
    case 'finished':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'stopped':
      return new vscode.ThemeIcon('debug-pause');
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
    case 'interrupted':
      return new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
  }
}
