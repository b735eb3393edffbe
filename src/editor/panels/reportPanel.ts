import * as vscode from 'vscode';
import type { Method, ReportView } from '../../protocol.ts';
import type { Workspace } from '../workspaces.ts';
import { type Ask, PagePanel, type PanelContext, type ShownOf } from './pagePanel.ts';

/** While runs are at work the report is made anew at most this often. */
const RENEWAL_MS = 3_000;

/** What an experiment showed so far. Follows its runs while it is in sight. */
export class ReportPanel extends PagePanel<'runs'> {
  #view: ReportView | undefined;
  #reference: Method | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #seen = '';

  constructor(panel: vscode.WebviewPanel, context: PanelContext, shown: ShownOf<'runs'>, workspace: Workspace) {
    super(panel, context, shown, workspace);
    this.register(workspace.runs.onDidChange(() => this.#renew()));
    this.register(panel.onDidChangeViewState(() => this.#renew()));
    this.register({ dispose: () => clearTimeout(this.#renewal) });
  }

  protected override load(): void {
    const { experiment } = this.shown;
    this.#seen = this.#state();
    void this.show(vscode.l10n.t('gathering the results'), async (options) => {
      const asked = this.#reference === undefined ? { experiment } : { experiment, reference: this.#reference };
      const view = await this.workspace.client.request('experiment/report', asked, options);
      this.#view = view;
      this.setTitle(vscode.l10n.t('Report: {0}', view.report.name));
      return { status: 'ready', view };
    });
  }

  protected override async answer(ask: Ask): Promise<void> {
    if (ask.ask === 'compareWith') {
      this.#reference = ask.reference;
      this.load();
    }
    if (ask.ask !== 'openReportFile' || this.#view === undefined) return;
    const file = vscode.Uri.file(this.#view.files[ask.format]);
    // A browser on this machine cannot open a file of another one: there the text is shown.
    const browser = ask.format === 'html' && vscode.env.remoteName === undefined;
    if (browser) await vscode.env.openExternal(file);
    else await vscode.commands.executeCommand('vscode.open', file);
  }

  #renew(): void {
    if (this.#renewal !== undefined || !this.visible || this.#state() === this.#seen) return;
    this.#renewal = setTimeout(() => {
      this.#renewal = undefined;
      if (!this.disposed) this.load();
    }, RENEWAL_MS);
  }

  /** Changes when a run of this experiment reaches another state or result. */
  #state(): string {
    const runs = this.workspace.runs.known.filter((run) => run.experiment === this.shown.experiment);
    return JSON.stringify(runs.map(({ id, state, results, curve }) => [id, state, results.length, curve.length]));
  }
}
