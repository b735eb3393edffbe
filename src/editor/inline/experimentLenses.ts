import * as vscode from 'vscode';
import { commandIds } from '../commandIds.ts';
import { Disposable } from '../disposable.ts';
import type { ExperimentTarget } from '../targets.ts';
import type { Outlines } from './outlines.ts';

/**
 * Run · Stop · Report on the line that stands for the whole experiment, Run on each method's line, with its name where
 * several share the line. In Restricted Mode only Report: nothing executes there.
 */
export class ExperimentLenses extends Disposable implements vscode.CodeLensProvider {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #outlines: Outlines;

  constructor(outlines: Outlines) {
    super();
    this.#outlines = outlines;
    this.register(outlines.onDidChange(() => this.#changed.fire()));
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire()));
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const outline = await this.#outlines.of(document);
    const experiment = document.uri.fsPath;
    const targets = outline?.targets ?? [];
    return targets.flatMap(({ line, method }) => {
      const range = new vscode.Range(line, 0, line, 0);
      const { isTrusted } = vscode.workspace;
      if (method !== undefined) {
        const shared = targets.some((other) => other.line === line && other.method !== method);
        return isTrusted ? [runLens(range, { experiment, method }, shared)] : [];
      }
      const report = reportLens(range, experiment);
      return isTrusted ? [runLens(range, { experiment }), stopLens(range, experiment), report] : [report];
    });
  }
}

function runLens(range: vscode.Range, target: ExperimentTarget, named = false): vscode.CodeLens {
  const title = named ? vscode.l10n.t('$(play) Run {0}', target.method ?? '') : vscode.l10n.t('$(play) Run');
  const tooltip =
    target.method === undefined
      ? vscode.l10n.t('Run what is not finished yet, in the background')
      : vscode.l10n.t('Run {0} with every seed that is not finished yet', target.method);
  return new vscode.CodeLens(range, { command: commandIds.runExperiment, title, tooltip, arguments: [target] });
}

function stopLens(range: vscode.Range, experiment: string): vscode.CodeLens {
  const title = vscode.l10n.t('$(debug-stop) Stop');
  const tooltip = vscode.l10n.t('Stop the active runs; Run goes on from there');
  return new vscode.CodeLens(range, { command: commandIds.stopRun, title, tooltip, arguments: [{ experiment }] });
}

function reportLens(range: vscode.Range, experiment: string): vscode.CodeLens {
  const title = vscode.l10n.t('$(graph) Report');
  const tooltip = vscode.l10n.t('Show accuracies, intervals and curves');
  return new vscode.CodeLens(range, { command: commandIds.showReport, title, tooltip, arguments: [{ experiment }] });
}
