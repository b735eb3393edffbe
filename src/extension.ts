import * as vscode from 'vscode';
import { actions } from './editor/actions.ts';
import { BackendDocument } from './editor/backends/backendDocument.ts';
import { RuntimeSettings } from './editor/backends/runtimeSettings.ts';
import { BackgroundChecks } from './editor/checks/backgroundChecks.ts';
import { EXPERIMENT_FILES, viewIds } from './editor/commandIds.ts';
import { registerCommands } from './editor/commands.ts';
import { DatasetTree } from './editor/explorer/datasetTree.ts';
import { ExperimentLenses } from './editor/inline/experimentLenses.ts';
import { ExperimentRuns } from './editor/inline/experimentRuns.ts';
import { InlineResults } from './editor/inline/inlineResults.ts';
import { Outlines } from './editor/inline/outlines.ts';
import { ResultHovers } from './editor/inline/resultHovers.ts';
import { Panels } from './editor/panels/panels.ts';
import { RunStatusBar } from './editor/runs/runStatusBar.ts';
import { RunTree } from './editor/runs/runTree.ts';
import { StatisticsDocuments } from './editor/statistics/statisticsDocuments.ts';
import { Workspaces } from './editor/workspaces.ts';

/** Composes the editor's parts. Nothing is read and no process is started before something needs it. */
export function activate({ extensionUri, globalStorageUri, subscriptions }: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('PairLab', { log: true });
  const cli = vscode.Uri.joinPath(extensionUri, 'dist', 'cli.js').fsPath;
  const runtimes = new RuntimeSettings(globalStorageUri);
  const { onDidChange: onDidChangeVariables } = runtimes;
  const workspaces = new Workspaces({ cli, log, variables: () => runtimes.variables(), onDidChangeVariables });
  subscriptions.push(log, runtimes, workspaces);

  const datasetTree = new DatasetTree(workspaces);
  const runTree = new RunTree(workspaces);
  const datasetView = vscode.window.createTreeView(viewIds.datasets, {
    treeDataProvider: datasetTree,
    showCollapseAll: true,
    canSelectMany: true,
  });
  const checks = new BackgroundChecks(workspaces, log);
  const statistics = new StatisticsDocuments(workspaces);
  const backends = new BackendDocument(workspaces);
  subscriptions.push(
    datasetTree,
    runTree,
    datasetView,
    checks,
    statistics,
    backends,
    vscode.window.createTreeView(viewIds.runs, { treeDataProvider: runTree, showCollapseAll: true }),
    new RunStatusBar(workspaces),
  );

  const experimentFiles = { scheme: 'file', pattern: EXPERIMENT_FILES };
  const outlines = new Outlines(workspaces, log);
  const runs = new ExperimentRuns(workspaces, outlines);
  const lenses = new ExperimentLenses(outlines);
  const hovers = new ResultHovers(workspaces, runs);
  subscriptions.push(
    outlines,
    runs,
    lenses,
    hovers,
    new InlineResults(runs, log),
    vscode.languages.registerCodeLensProvider(experimentFiles, lenses),
    vscode.languages.registerHoverProvider(experimentFiles, hovers),
  );

  const panels = new Panels(extensionUri, workspaces, log);
  subscriptions.push(
    panels,
    registerCommands(
      actions({
        workspaces,
        datasetTree,
        panels,
        checks,
        statistics,
        backends,
        selection: () => datasetView.selection,
        log,
      }),
      log,
    ),
  );
}
