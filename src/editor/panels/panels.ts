import * as vscode from 'vscode';
import { Shown } from '../../protocol.ts';
import { panelTypes } from '../commandIds.ts';
import { Disposable } from '../disposable.ts';
import { Failure } from '../failure.ts';
import type { Workspaces } from '../workspaces.ts';
import { AlignmentPanel } from './alignmentPanel.ts';
import type { PanelContext } from './pagePanel.ts';
import { PairPanel } from './pairPanel.ts';
import { ReportPanel } from './reportPanel.ts';

type AnyPanel = PairPanel | AlignmentPanel | ReportPanel;

/** The open panels: one for the pairs and one for the alignment of each dataset, one for each experiment's report. */
export class Panels extends Disposable implements vscode.WebviewPanelSerializer {
  readonly #context: PanelContext;
  readonly #open = new Map<string, AnyPanel>();

  constructor(extension: vscode.Uri, workspaces: Workspaces, log: vscode.LogOutputChannel) {
    super();
    this.#context = { extension, workspaces, log, openPanel: (shown) => this.open(shown) };
    for (const type of Object.values(panelTypes)) {
      this.register(vscode.window.registerWebviewPanelSerializer(type, this));
    }
  }

  /** Reveals the panel that shows this kind of thing already, or opens one beside nothing else. */
  async open(shown: Shown): Promise<void> {
    const known = this.#open.get(keyOf(shown));
    if (known !== undefined) return navigate(known, shown);
    const options = await this.#optionsFor(shown);
    const title = titleOf(shown);
    const panel = vscode.window.createWebviewPanel(panelTypes[shown.page], title, vscode.ViewColumn.Active, options);
    this.#adopt(panel, shown);
  }

  /** After a reload. What cannot be shown any more is closed. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const shown = Shown.safeParse(state).data;
    if (shown === undefined || !(await isThere(shown)) || this.#open.has(keyOf(shown))) {
      panel.dispose();
      return;
    }
    try {
      panel.webview.options = await this.#optionsFor(shown);
      this.#adopt(panel, shown);
    } catch (error) {
      this.#context.log.warn(`a panel was not restored: ${Failure.of(error).message}`);
      panel.dispose();
    }
  }

  /** The pair that is in front, if any. */
  activePair(): { dataset: string; pair: string } | undefined {
    for (const panel of this.#open.values()) if (panel instanceof PairPanel && panel.active) return panel.target;
    return undefined;
  }

  override dispose(): void {
    super.dispose();
    for (const panel of [...this.#open.values()]) panel.dispose();
  }

  #adopt(panel: vscode.WebviewPanel, shown: Shown): void {
    const key = keyOf(shown);
    const page = this.#create(panel, shown);
    this.#open.set(key, page);
    panel.onDidDispose(() => this.#open.delete(key));
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.#context.extension, 'media', 'pairlab-light.svg'),
      dark: vscode.Uri.joinPath(this.#context.extension, 'media', 'pairlab-dark.svg'),
    };
    page.start(titleOf(shown));
  }

  #create(panel: vscode.WebviewPanel, shown: Shown): AnyPanel {
    const workspace = this.#context.workspaces.of(pathOf(shown));
    switch (shown.page) {
      case 'pair':
        return new PairPanel(panel, this.#context, shown, workspace);
      case 'alignment':
        return new AlignmentPanel(panel, this.#context, shown, workspace);
      case 'runs':
        return new ReportPanel(panel, this.#context, shown, workspace);
    }
  }

  /** A page loads our own files and, where it shows pairs, the media of the dataset; nothing else of the disk. */
  async #optionsFor(shown: Shown): Promise<vscode.WebviewOptions> {
    const roots = [vscode.Uri.joinPath(this.#context.extension, 'dist', 'webview')];
    if (shown.page !== 'runs') {
      const { datasets } = this.#context.workspaces.of(shown.dataset);
      const root = (await datasets.list()).find(({ path }) => path === shown.dataset)?.root;
      if (root !== undefined) roots.push(vscode.Uri.file(root));
    }
    return { enableScripts: true, localResourceRoots: roots };
  }
}

function navigate(panel: AnyPanel, shown: Shown): void {
  if (panel instanceof PairPanel && shown.page === 'pair') panel.navigate(shown);
  else if (panel instanceof AlignmentPanel && shown.page === 'alignment') panel.navigate(shown);
  else if (panel instanceof ReportPanel && shown.page === 'runs') panel.navigate(shown);
}

function pathOf(shown: Shown): string {
  return shown.page === 'runs' ? shown.experiment : shown.dataset;
}

function keyOf(shown: Shown): string {
  return `${shown.page}:${pathOf(shown)}`;
}

/** Until the content is there. */
function titleOf(shown: Shown): string {
  switch (shown.page) {
    case 'pair':
      return vscode.l10n.t('Pair');
    case 'alignment':
      return vscode.l10n.t('Alignment');
    case 'runs':
      return vscode.l10n.t('Report');
  }
}

async function isThere(shown: Shown): Promise<boolean> {
  return await vscode.workspace.fs.stat(vscode.Uri.file(pathOf(shown))).then(
    () => true,
    () => false,
  );
}
