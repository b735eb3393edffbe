import * as vscode from 'vscode';
import type { DecisionAsk, PairDetail } from '../../protocol.ts';
import { type CommandName, commandIds } from '../commandIds.ts';
import type { Workspace } from '../workspaces.ts';
import { type Ask, PagePanel, type PanelContext, type ShownOf } from './pagePanel.ts';

const DECISION_COMMANDS: Readonly<Record<DecisionAsk, CommandName>> = {
  exclude: 'excludePair',
  include: 'includePair',
  weak: 'markWeak',
  strong: 'markStrong',
  class: 'correctClass',
  text: 'correctText',
  note: 'addNote',
};

/** One pair of a dataset: its picture, sound or text, side by side. */
export class PairPanel extends PagePanel<'pair'> {
  #detail: PairDetail | undefined;
  #snapshot: string | undefined;

  constructor(panel: vscode.WebviewPanel, context: PanelContext, shown: ShownOf<'pair'>, workspace: Workspace) {
    super(panel, context, shown, workspace);
    this.register(workspace.datasets.onDidChange(() => this.#followSnapshot()));
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.load()));
  }

  get target(): { dataset: string; pair: string } {
    return { dataset: this.shown.dataset, pair: this.shown.pair };
  }

  protected override load(): void {
    const { dataset, pair } = this.shown;
    const { client, datasets } = this.workspace;
    void this.show(vscode.l10n.t('reading the pair'), async (options) => {
      const [summary, detail] = await Promise.all([
        datasets.list().then((list) => list.find(({ path }) => path === dataset)),
        client.request('dataset/pair', { dataset, pair }, options),
      ]);
      this.#snapshot = summary?.snapshot?.id;
      this.#detail = detail;
      this.setTitle(detail.pair.key);
      const items = detail.items.map((item) => this.withAddress(item));
      const trusted = vscode.workspace.isTrusted;
      return { status: 'ready', dataset: summary?.name ?? dataset, detail: { ...detail, items }, trusted };
    });
  }

  protected override async answer(ask: Ask): Promise<void> {
    switch (ask.ask) {
      case 'showPair':
        this.shown = { ...this.shown, pair: ask.pair };
        return this.load();
      case 'openItem': {
        const item = this.#detail?.items.find(({ id }) => id === ask.item);
        if (item !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(item.path));
        return;
      }
      case 'decide':
        await vscode.commands.executeCommand(commandIds[DECISION_COMMANDS[ask.what]], this.target);
        return;
      case 'applyFix': {
        const { dataset } = this.shown;
        const problem = this.#detail?.problems[ask.problem];
        if (problem !== undefined) await vscode.commands.executeCommand(commandIds.applyFix, { dataset, problem });
      }
    }
  }

  /** A newer snapshot may say something else about the pair. */
  #followSnapshot(): void {
    const summary = this.workspace.datasets.known.find(({ path }) => path === this.shown.dataset);
    const newest = summary?.snapshot?.id;
    if (newest !== undefined && this.#snapshot !== undefined && newest !== this.#snapshot) this.load();
  }
}
