import * as vscode from 'vscode';
import { commandIds, contextKeys, settings } from '../commandIds.ts';
import { Disposable } from '../disposable.ts';
import type { JobProgress } from '../engineClient.ts';
import { Failure } from '../failure.ts';
import type { Workspace, Workspaces } from '../workspaces.ts';

/** A check that gave way to other work goes on after so long. */
const REST_MS = 3_000;

interface Undecoded {
  readonly workspace: Workspace;
  readonly dataset: string;
  readonly name: string;
  readonly snapshot: string;
}

/**
 * Decodes the media of indexed datasets while the user does something else, one dataset at a time, in trusted workspaces
 * and unless the setting says no. The status bar shows it and stops it.
 */
export class BackgroundChecks extends Disposable {
  readonly #workspaces: Workspaces;
  readonly #log: vscode.LogOutputChannel;
  readonly #item: vscode.StatusBarItem;
  /** Snapshots that need no check any more: checked, stopped by the user, or failed. */
  readonly #settled = new Set<string>();
  #running: vscode.CancellationTokenSource | undefined;
  #rest: NodeJS.Timeout | undefined;

  constructor(workspaces: Workspaces, log: vscode.LogOutputChannel) {
    super();
    this.#workspaces = workspaces;
    this.#log = log;
    this.#item = this.register(vscode.window.createStatusBarItem('pairlab.check', vscode.StatusBarAlignment.Left));
    this.#item.name = vscode.l10n.t('PairLab Media Check');
    this.#item.command = commandIds.stopCheck;
    this.register(workspaces.onDidChangeDatasets(() => this.#look()));
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#look()));
    this.register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settings.section)) this.#look();
      }),
    );
    this.register({ dispose: () => clearTimeout(this.#rest) });
  }

  /** Until the dataset is indexed anew. */
  stop(): void {
    this.#running?.cancel();
  }

  override dispose(): void {
    super.dispose();
    this.stop();
  }

  #look(): void {
    if (this.disposed || this.#rest !== undefined) return;
    if (!isWanted()) this.stop();
    else if (this.#running === undefined) {
      const next = this.#next();
      if (next !== undefined) void this.#check(next);
    }
  }

  #next(): Undecoded | undefined {
    for (const workspace of this.#workspaces.all()) {
      for (const { path, name, snapshot } of workspace.datasets.known) {
        if (snapshot === undefined || snapshot.decoded || this.#settled.has(snapshot.id)) continue;
        return { workspace, dataset: path, name, snapshot: snapshot.id };
      }
    }
    return undefined;
  }

  async #check({ workspace, dataset, name, snapshot }: Undecoded): Promise<void> {
    const mine = new vscode.CancellationTokenSource();
    this.#running = mine;
    this.#show(name, undefined);
    const onProgress = (progress: JobProgress): void => this.#show(name, progress);
    try {
      const options = { cancellation: mine.token, onProgress };
      const checked = await workspace.client.request('dataset/check', { dataset, background: true }, options);
      this.#settled.add(snapshot).add(checked.id);
    } catch (error) {
      const failure = Failure.of(error);
      if (failure.kind === 'cancelled' && !mine.token.isCancellationRequested) this.#restForAWhile();
      else if (isWanted()) this.#settled.add(snapshot);
      if (failure.kind !== 'cancelled') this.#log.warn(`checking the media of ${name}: ${failure.message}`);
    } finally {
      mine.dispose();
      this.#running = undefined;
      this.#hide();
    }
    this.#look();
  }

  #restForAWhile(): void {
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      this.#look();
    }, REST_MS);
  }

  #show(name: string, progress: JobProgress | undefined): void {
    if (this.disposed) return;
    const { done = 0, total = 0 } = progress ?? {};
    const share = total > 0 ? ` ${Math.floor((100 * done) / total)} %` : '';
    this.#item.text = `$(sync~spin) ${vscode.l10n.t('Checking media')}${share}`;
    this.#item.tooltip = vscode.l10n.t('PairLab decodes the media of {0} in the background. Click to stop.', name);
    this.#item.show();
    void vscode.commands.executeCommand('setContext', contextKeys.check, 'checking');
  }

  #hide(): void {
    if (this.disposed) return;
    this.#item.hide();
    void vscode.commands.executeCommand('setContext', contextKeys.check, 'idle');
  }
}

function isWanted(): boolean {
  const wanted = vscode.workspace.getConfiguration(settings.section).get<boolean>(settings.checkMediaInBackground);
  return vscode.workspace.isTrusted && wanted !== false;
}
