import * as vscode from 'vscode';
import type { AlignmentPageState, AlignmentReport, DatasetSummary, ModalityPair } from '../../protocol.ts';
import type { RequestOptions } from '../engineClient.ts';
import { Failure, requireTrust } from '../failure.ts';
import type { Workspace } from '../workspaces.ts';
import { type Ask, PagePanel, type PanelContext, type ShownOf } from './pagePanel.ts';

/** How well two modalities of a dataset agree: the stored report, or the offer to compute it. */
export class AlignmentPanel extends PagePanel<'alignment'> {
  #data: string | undefined;

  constructor(panel: vscode.WebviewPanel, context: PanelContext, shown: ShownOf<'alignment'>, workspace: Workspace) {
    super(panel, context, shown, workspace);
    this.register(workspace.datasets.onDidChange(() => void this.#followData()));
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.load()));
  }

  protected override load(): void {
    void this.show(
      vscode.l10n.t('reading the stored alignment'),
      async (options) => {
        const { summary, modalities, choices } = await this.#choose();
        const { client } = this.workspace;
        const asked = { dataset: this.shown.dataset, modalities };
        const report = await client.request('alignment/stored', asked, options);
        return pageState(summary, modalities, choices, report);
      },
      () => this.load(),
    );
  }

  protected override async answer(ask: Ask): Promise<void> {
    if (ask.ask === 'showAlignment') {
      this.shown = { ...this.shown, modalities: ask.modalities };
      this.load();
    } else if (ask.ask === 'computeAlignment') {
      requireTrust();
      this.shown = { ...this.shown, modalities: ask.modalities };
      await this.#compute();
    } else if (ask.ask === 'showPair') {
      await this.context.openPanel({ page: 'pair', dataset: this.shown.dataset, pair: ask.pair });
    }
  }

  async #compute(): Promise<void> {
    const work = async (options: RequestOptions): Promise<AlignmentPageState> => {
      const { summary, modalities, choices } = await this.#choose();
      const asked = { dataset: this.shown.dataset, modalities };
      const report = await this.workspace.client.request('alignment/compute', asked, options);
      return pageState(summary, modalities, choices, report);
    };
    await this.show(vscode.l10n.t('starting'), work, () => this.load());
  }

  /** The modalities to show: those asked for if the dataset still pairs them, else its first. */
  async #choose(): Promise<{ summary: DatasetSummary; modalities: ModalityPair; choices: ModalityPair[] }> {
    const { dataset, modalities } = this.shown;
    const summary = (await this.workspace.datasets.list()).find(({ path }) => path === dataset);
    if (summary === undefined) {
      throw new Failure('input', vscode.l10n.t('The dataset file {0} is gone.', dataset));
    }
    this.setTitle(vscode.l10n.t('Alignment: {0}', summary.name));
    this.#data = summary.snapshot?.data;
    const choices = (summary.snapshot?.pairs ?? []).map(({ first, second }) => ({ first, second }));
    const chosen = choices.find(({ first, second }) => first === modalities?.first && second === modalities.second);
    const shown = chosen ?? choices[0];
    if (shown === undefined) throw new Failure('input', whyNothing(summary));
    return { summary, modalities: shown, choices };
  }

  /** Newer data makes the shown numbers old. */
  async #followData(): Promise<void> {
    const list = await this.workspace.datasets.list().catch(() => []);
    const newest = list.find(({ path }) => path === this.shown.dataset)?.snapshot?.data;
    if (newest !== undefined && newest !== this.#data && !this.disposed) this.load();
  }
}

function whyNothing(summary: DatasetSummary): string {
  if (summary.error !== undefined) return summary.error;
  return summary.snapshot === undefined
    ? vscode.l10n.t('{0} is not indexed yet. Run "PairLab: Index Dataset" first.', summary.name)
    : vscode.l10n.t('{0} has no pairs of two modalities. See its problems in the explorer.', summary.name);
}

function pageState(
  { name }: DatasetSummary,
  modalities: ModalityPair,
  choices: ModalityPair[],
  report: AlignmentReport | null,
): AlignmentPageState {
  const trusted = vscode.workspace.isTrusted;
  if (report === null) return { status: 'empty', dataset: name, modalities, choices, trusted };
  return { status: 'ready', dataset: name, report, choices, trusted };
}
