import * as vscode from 'vscode';
import type { RunSummary } from '../../protocol.ts';
import { viewIds } from '../commandIds.ts';
import { Disposable } from '../disposable.ts';
import type { Workspaces } from '../workspaces.ts';
import { isActive } from './runStates.ts';
import { loadText, meanProgress, passedOver, percent } from './runText.ts';

/** One item while a run is active, and none otherwise. */
export class RunStatusBar extends Disposable {
  readonly #workspaces: Workspaces;
  readonly #item: vscode.StatusBarItem;

  constructor(workspaces: Workspaces) {
    super();
    this.#workspaces = workspaces;
    this.#item = this.register(vscode.window.createStatusBarItem('pairlab.runs', vscode.StatusBarAlignment.Left));
    this.#item.name = vscode.l10n.t('PairLab Runs');
    this.#item.command = `${viewIds.runs}.focus`;
    this.register(workspaces.onDidChangeRuns(() => this.#update()));
    void this.#findRuns();
  }

  /** Folders that never had a run are not asked: the engine need not start for them. */
  async #findRuns(): Promise<void> {
    for (const { folder, runs } of this.#workspaces.all()) {
      const record = new vscode.RelativePattern(folder, '**/.pairlab/runs/*/run.json');
      if ((await vscode.workspace.findFiles(record, null, 1)).length === 0) continue;
      // An engine that cannot be started says so itself.
      await runs.list().catch(() => undefined);
    }
    this.#update();
  }

  #update(): void {
    if (this.disposed) return;
    const active = this.#workspaces.all().flatMap(({ runs }) => runs.known.filter((run) => isActive(run.state)));
    if (active.length === 0) {
      this.#item.hide();
      return;
    }
    const progress = percent(meanProgress(active));
    const runs = active.length === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', active.length);
    // A queued run that was executed before still names what it ran on then.
    const working = active.find((run) => run.state === 'running' && run.backend !== undefined);
    const backend = working?.backend === undefined ? [] : [working.backend.name, ...loadLines(working)];
    this.#item.text = `$(sync~spin) ${[`PairLab: ${runs}`, progress, ...backend].join(' · ')}`;
    this.#item.tooltip = [...backendLines(working), vscode.l10n.t('Show the active runs')].join('\n');
    this.#item.show();
  }
}

/** Device, what is in use of it, and why no better one is used. */
function backendLines(run: RunSummary | undefined): string[] {
  if (run?.backend === undefined) return [];
  return [run.backend.describe, ...loadLines(run), ...passedOver(run.backend)];
}

/** Nothing before it was measured. */
function loadLines({ load }: RunSummary): string[] {
  return load === undefined ? [] : [loadText(load)];
}
