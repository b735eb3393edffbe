import * as vscode from 'vscode';
import type {
  AlignmentPageState,
  AlignmentQuestion,
  AlignmentReport,
  DatasetSummary,
  Decision,
  ModalityPair,
  Projection,
  ScoredPairsQuery,
  StoredReport,
} from '../../protocol.ts';
import { AlignmentView } from '../../protocol.ts';
import { commandIds } from '../commandIds.ts';
import { decide } from '../decisions/decisionActions.ts';
import type { RequestOptions } from '../engineClient.ts';
import { Failure, requireTrust } from '../failure.ts';
import type { Workspace } from '../workspaces.ts';
import { whyNoMap, whyNothing } from './alignmentSentences.ts';
import { type Ask, type AskOf, PagePanel, type PanelContext, type ShownOf } from './pagePanel.ts';
import { saveBytes, saveReport } from './saving.ts';

type Ready = Extract<AlignmentPageState, { status: 'ready' }>;

/** Up to so many pairs, what a person decides is measured at once. */
const MEASURED_AT_ONCE = 5000;

/** How well two modalities of a dataset agree: a stored report, or the offer to compute one. */
export class AlignmentPanel extends PagePanel<'alignment'> {
  #ready: Ready | undefined;
  /** The newest list that was asked for: what comes for an earlier one is dropped. */
  #wanted: ScoredPairsQuery | undefined;

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
        const stored = await this.#stored(modalities, options);
        const newest = stored.find(({ current }) => current) ?? stored[0];
        const chosen = stored.find(({ id }) => id === this.shown.report) ?? newest;
        const another = (wanted: string | undefined) => stored.find(({ id }) => id === wanted && id !== chosen?.id);
        const [beside, old] = [another(this.shown.other), another(this.shown.before)];
        // At once: the first numbers wait for all of them.
        const [report, other, before, encoders] = await Promise.all([
          chosen && this.#read(chosen.id, options),
          beside && this.#read(beside.id, options),
          old && this.#read(old.id, options),
          this.#encoders(options),
        ]);
        const { name } = summary;
        const trusted = vscode.workspace.isTrusted;
        this.#wanted = undefined;
        if (report === undefined) {
          this.#ready = undefined;
          return { status: 'empty', dataset: name, question: defaultQuestion(modalities), choices, trusted };
        }
        return this.#become({ ...this.#shell(summary, choices, other), before, report, stored, ...encoders });
      },
      () => this.load(),
    );
  }

  protected override async answer(ask: Ask): Promise<void> {
    const { dataset } = this.shown;
    switch (ask.ask) {
      case 'showAlignment':
        this.shown = { page: 'alignment', dataset, modalities: ask.modalities, view: this.shown.view };
        return this.load();
      case 'computeAlignment':
        requireTrust();
        return await this.#compute(ask.question, undefined);
      case 'showReport':
        return await this.#showReport(ask.report);
      case 'compareReport':
        return await this.#compare(ask.report);
      case 'showMap':
        return await this.#showMap(ask.report, ask.projection);
      case 'listPairs':
        return await this.#list(ask.query);
      case 'keepView':
        return this.#keepView(ask.view);
      case 'judgePair':
        requireTrust();
        return await this.#judge(ask);
      case 'undoDecision':
        await vscode.commands.executeCommand(commandIds.undoDecision, { dataset });
        return;
      case 'exportReport':
        if (this.#ready !== undefined) await saveReport(this.workspace.client, dataset, this.#ready.report, ask.format);
        return;
      case 'saveFigure':
        return await saveBytes(`${this.#figurePrefix()}-${ask.name}`, ask.format, ask.bytes);
      case 'showPair':
        await this.context.openPanel({ page: 'pair', dataset, pair: ask.pair });
    }
  }

  /**
   * Parts are shown as they are ready, with the pairs of the report before; `before` holds the numbers before what was
   * decided.
   */
  async #compute(question: AlignmentQuestion, before: AlignmentReport | undefined): Promise<void> {
    const { dataset } = this.shown;
    const other = isSamePair(question.modalities, this.#ready?.other?.question.modalities)
      ? this.#ready?.other
      : undefined;
    const { modalities } = question;
    this.shown = { ...this.shown, modalities, report: undefined, other: other?.id, before: before?.id };
    let isDone = false;
    const work = async (options: RequestOptions): Promise<AlignmentPageState> => {
      const { summary, choices } = await this.#choose();
      const shell = { ...this.#shell(summary, choices, other), before };
      const onPart = (report: AlignmentReport): void => {
        this.present(this.#become({ ...shell, report, ...this.#lists() }));
      };
      const { client } = this.workspace;
      const report = await client.request('alignment/compute', { dataset, question }, { ...options, onPart });
      const stored = await this.#stored(modalities, options);
      const encoders = await this.#encoders(options);
      isDone = true;
      return this.#become({ ...shell, report, ...this.#lists(), stored, ...encoders });
    };
    await this.show(vscode.l10n.t('starting'), work, () => this.load());
    // What was decided meanwhile is not in these numbers.
    if (isDone) await this.#followData();
  }

  async #showReport(id: string): Promise<void> {
    const report = await this.#read(id);
    if (report === undefined) return this.load();
    const other = this.#ready?.other?.id === id ? undefined : this.#ready?.other;
    this.shown = { ...this.shown, report: id, other: other?.id, before: undefined };
    this.#wanted = undefined;
    this.#patch({ report, other, before: undefined, list: undefined });
  }

  /** Puts a stored report beside the one that is shown, or none. */
  async #compare(id: string | undefined): Promise<void> {
    const other = id === undefined ? undefined : await this.#read(id);
    this.shown = { ...this.shown, other: other?.id };
    this.#patch({ other });
  }

  async #showMap(report: string, projection: Projection): Promise<void> {
    const asked = { dataset: this.shown.dataset, report, projection };
    if (this.#ready?.mapFailure !== undefined) this.#patch({ mapFailure: undefined });
    const map = await this.beside((options) => this.workspace.client.request('alignment/map', asked, options)).catch(
      (error: unknown) => {
        this.#patch({ mapFailure: { report, projection, sentence: whyNoMap(error) } });
        throw error;
      },
    );
    const ready = this.#ready;
    if (ready === undefined || ready.view.projection !== projection) return;
    const shown = [ready.report.id, ready.other?.id];
    const maps = [...ready.maps.filter((known) => known.report !== report), map];
    this.#patch({ maps: maps.filter((known) => shown.includes(known.report)) });
  }

  async #list(query: ScoredPairsQuery): Promise<void> {
    this.#wanted = query;
    const { dataset } = this.shown;
    const { client } = this.workspace;
    const { total, rows } = await client.request('alignment/pairs', { dataset, query });
    const details = await Promise.all(
      rows.map(({ pair }) => client.request('dataset/pair', { dataset, pair }).catch(() => undefined)),
    );
    if (query !== this.#wanted) return;
    const shown = rows.map((scored, index) => {
      const detail = details[index];
      if (detail === undefined) return { scored };
      return { scored, detail: { ...detail, items: detail.items.map((item) => this.withAddress(item)) } };
    });
    this.#patch({ list: { query, total, rows: shown } });
  }

  async #judge({ pair, verdict }: AskOf<'judgePair'>): Promise<void> {
    const decision: Decision =
      verdict === 'fine' ? { decision: 'note', value: vscode.l10n.t('looked at: fine') } : { decision: verdict };
    const said = vscode.l10n.t('Noted: {0}, {1}.', pair, verdict);
    await decide(this.context.workspaces, this.shown.dataset, decision, [{ pair }], said);
  }

  /** What was decided, or indexed anew, makes the shown numbers old; few pairs are measured again at once. */
  async #followData(): Promise<void> {
    const ready = this.#ready;
    const list = await this.workspace.datasets.list().catch(() => []);
    const newest = list.find(({ path }) => path === this.shown.dataset)?.snapshot;
    if (newest === undefined || this.disposed) return;
    if (ready === undefined) return this.busy ? undefined : this.load();
    // Also where it is still under way: what comes may be of before the decision.
    if (this.#wanted !== undefined) await this.#list({ ...this.#wanted }).catch(() => undefined);
    if (newest.data === ready.report.data || this.busy) return;
    this.#patch({ outdated: vscode.l10n.t('The pairs have changed since these numbers were computed.') });
    if (vscode.workspace.isTrusted && this.visible && ready.report.pairs <= MEASURED_AT_ONCE) {
      await this.#compute(ready.report.question, ready.report);
    }
  }

  /** The page shows it already; it is kept for the page's next life. */
  #keepView(view: AlignmentView): void {
    this.shown = { ...this.shown, view };
    if (this.#ready !== undefined) this.keep(this.#become({ ...this.#ready, view }));
  }

  #become(ready: Ready): Ready {
    this.#ready = ready;
    return ready;
  }

  #patch(change: Partial<Ready>): void {
    if (this.#ready !== undefined) this.present(this.#become({ ...this.#ready, ...change }));
  }

  #shell(
    summary: DatasetSummary,
    choices: ModalityPair[],
    other: AlignmentReport | undefined,
  ): Pick<Ready, 'status' | 'dataset' | 'choices' | 'other' | 'maps' | 'view' | 'trusted'> {
    const view = this.shown.view ?? this.#ready?.view ?? AlignmentView.parse({});
    const { maps = [] } = this.#ready ?? {};
    const trusted = vscode.workspace.isTrusted;
    return { status: 'ready', dataset: summary.name, choices, other, maps, view, trusted };
  }

  /** What the name of every saved figure begins with. */
  #figurePrefix(): string {
    const { report } = this.#ready ?? {};
    if (report === undefined) return 'alignment';
    const { first, second } = report.question.modalities;
    return `${report.dataset}-${first}-${second}`;
  }

  async #stored(modalities: ModalityPair, options: RequestOptions = {}): Promise<StoredReport[]> {
    return await this.workspace.client.request(
      'alignment/reports',
      { dataset: this.shown.dataset, modalities },
      options,
    );
  }

  async #encoders(options: RequestOptions): Promise<Pick<Ready, 'sets' | 'runs'>> {
    const { dataset } = this.shown;
    const { client } = this.workspace;
    const [sets, runs] = await Promise.all([
      client.request('embedding/list', { dataset }, options),
      client.request('embedding/runs', { dataset }, options),
    ]);
    return { sets, runs };
  }

  /** What there was to choose from, and the pairs, before the work that is under way. */
  #lists(): Pick<Ready, 'stored' | 'sets' | 'runs' | 'list'> {
    const { stored = [], sets = [], runs = [], list } = this.#ready ?? {};
    return { stored, sets, runs, list };
  }

  async #read(report: string, options: RequestOptions = {}): Promise<AlignmentReport | undefined> {
    const { dataset } = this.shown;
    return (await this.workspace.client.request('alignment/report', { dataset, report }, options)) ?? undefined;
  }

  /** The modalities to show: those asked for if the dataset still pairs them, else its first. */
  async #choose(): Promise<{ summary: DatasetSummary; modalities: ModalityPair; choices: ModalityPair[] }> {
    const { dataset, modalities } = this.shown;
    const summary = (await this.workspace.datasets.list()).find(({ path }) => path === dataset);
    if (summary === undefined) {
      throw new Failure('input', vscode.l10n.t('The dataset file {0} is gone.', dataset));
    }
    this.setTitle(vscode.l10n.t('Alignment: {0}', summary.name));
    const choices = (summary.snapshot?.pairs ?? []).map(({ first, second }) => ({ first, second }));
    const chosen = choices.find((pair) => isSamePair(pair, modalities));
    const shown = chosen ?? choices[0];
    if (shown === undefined) throw new Failure('input', whyNothing(summary));
    return { summary, modalities: shown, choices };
  }
}

function isSamePair({ first, second }: ModalityPair, other: ModalityPair | undefined): boolean {
  return first === other?.first && second === other.second;
}

function defaultQuestion(modalities: ModalityPair): AlignmentQuestion {
  return { modalities, encoders: {}, space: 'auto', map: 'ridge', seed: 0, folds: 5 };
}
