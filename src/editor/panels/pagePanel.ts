import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type FromWebview, fromWebview, type ItemDetail, type Shown, type ToWebview } from '../../protocol.ts';
import { Disposable } from '../disposable.ts';
import type { JobProgress, RequestOptions } from '../engineClient.ts';
import { Failure, showFailure } from '../failure.ts';
import type { Workspace, Workspaces } from '../workspaces.ts';
import { type Page, pageHtml } from './pageHtml.ts';

/** Work that is done sooner than this shows no "loading". */
const PATIENCE_MS = 150;

export interface PanelContext {
  readonly extension: vscode.Uri;
  readonly workspaces: Workspaces;
  readonly log: vscode.LogOutputChannel;
  readonly openPanel: (shown: Shown) => Promise<void>;
}

type StateOf<P extends Page> = Extract<ToWebview, { page: P }>['state'];
export type ShownOf<P extends Page> = Extract<Shown, { page: P }>;
export type Ask = Exclude<FromWebview, { ask: 'ready' | 'retry' | 'cancel' }>;
export type AskOf<A extends Ask['ask']> = Extract<Ask, { ask: A }>;

/**
 * A page in a panel. The page is sent its whole state each time it says that it is ready, which it does anew whenever
 * its tab comes to the front: hidden pages are not kept. One piece of work at a time decides what it shows.
 */
export abstract class PagePanel<P extends Page> extends Disposable {
  protected readonly context: PanelContext;
  protected readonly workspace: Workspace;
  protected shown: ShownOf<P>;
  readonly #panel: vscode.WebviewPanel;
  #state: ToWebview['state'] | undefined;
  /** What the page showed last when nothing was under way: a cancelled job leads back to it. */
  #settled: ToWebview['state'] | undefined;
  #ready = false;
  #work: vscode.CancellationTokenSource | undefined;
  readonly #beside = new Set<vscode.CancellationTokenSource>();

  constructor(panel: vscode.WebviewPanel, context: PanelContext, shown: ShownOf<P>, workspace: Workspace) {
    super();
    this.#panel = panel;
    this.context = context;
    this.workspace = workspace;
    this.shown = shown;
    this.register(panel.onDidDispose(() => this.dispose()));
    this.register(panel.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message)));
    this.register(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#ready = false;
      }),
    );
  }

  /** Loads the page and its content. `title` names it for screen readers. */
  start(title: string): void {
    const { webview } = this.#panel;
    const file = (name: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.context.extension, 'dist', 'webview', name)).toString();
    const { page } = this.shown;
    const addresses = { source: webview.cspSource, script: file(`${page}.js`), style: file(`${page}.css`) };
    webview.html = pageHtml(page, title, addresses, randomBytes(16).toString('hex'));
    this.load();
  }

  /** Shows something else of the same kind in this panel. */
  navigate(shown: ShownOf<P>): void {
    this.#panel.reveal();
    this.shown = shown;
    this.load();
  }

  override dispose(): void {
    this.#cancel();
    super.dispose();
    this.#panel.dispose();
  }

  /** Whether it is the editor in front. */
  get active(): boolean {
    return this.#panel.active;
  }

  protected get visible(): boolean {
    return this.#panel.visible;
  }

  /** Whether something is under way that decides what the page shows. */
  protected get busy(): boolean {
    return this.#work !== undefined;
  }

  /** Asks for what `shown` names and shows it. */
  protected abstract load(): void;

  /** What the page asks for besides loading. */
  protected abstract answer(ask: Ask): Promise<void>;

  protected setTitle(title: string): void {
    this.#panel.title = title;
  }

  /** The address under which the page may load a file of the roots that the panel allows. */
  protected addressOf(path: string): string {
    return this.#panel.webview.asWebviewUri(vscode.Uri.file(path)).toString();
  }

  /**
   * Shows the outcome of `work`, and its progress until then; earlier work is given up. `onCancel` says what to show when
   * the user cancels, if not what was there before.
   */
  protected async show(
    stage: string,
    work: (options: RequestOptions) => Promise<StateOf<P>>,
    onCancel: () => void = () => this.#goBack(),
  ): Promise<void> {
    this.#work?.cancel();
    const mine = new vscode.CancellationTokenSource();
    this.#work = mine;
    const current = (): boolean => this.#work === mine && !this.disposed;
    const onProgress = (progress: JobProgress): void => {
      if (current()) this.#post({ status: 'loading', ...progress });
    };
    const patience = setTimeout(() => onProgress({ stage, done: 0 }), PATIENCE_MS);
    try {
      const state = await work({ cancellation: mine.token, onProgress });
      if (current()) this.#post(state);
    } catch (error) {
      const failure = Failure.of(error);
      if (!current()) return;
      if (failure.kind === 'cancelled') onCancel();
      else this.#post({ status: 'failed', sentence: failure.message });
    } finally {
      clearTimeout(patience);
      if (this.#work === mine) this.#work = undefined;
      mine.dispose();
    }
  }

  /** Work whose outcome is only a part of the page: what is shown stays, and so does other work under way. */
  protected async beside<R>(work: (options: RequestOptions) => Promise<R>): Promise<R> {
    const mine = new vscode.CancellationTokenSource();
    this.#beside.add(mine);
    const onProgress = (progress: JobProgress): void => {
      if (!this.disposed && this.#work === undefined) this.#send({ status: 'loading', ...progress });
    };
    try {
      return await work({ cancellation: mine.token, onProgress });
    } finally {
      this.#beside.delete(mine);
      mine.dispose();
      if (this.#beside.size === 0 && this.#work === undefined && this.#settled !== undefined) this.#send(this.#settled);
    }
  }

  /** Shows a state at once, also in the midst of work. */
  protected present(state: StateOf<P>): void {
    if (!this.disposed) this.#post(state);
  }

  /** Keeps a state that the page has reached by itself, for its next life. */
  protected keep(state: StateOf<P>): void {
    this.#settled = state;
    if (this.#state?.status !== 'loading') this.#state = state;
  }

  /** With the address under which the page may load it. An item inside another file brings its bytes along. */
  protected withAddress(item: ItemDetail): ItemDetail {
    if (item.error !== undefined || item.modality === 'text' || item.uri !== undefined) return item;
    return { ...item, uri: this.addressOf(item.path) };
  }

  async #receive(message: unknown): Promise<void> {
    const parsed = fromWebview.safeParse(message);
    if (!parsed.success) {
      this.context.log.warn(`a page sent what it may not: ${parsed.error.message}`);
      return;
    }
    const { data } = parsed;
    try {
      if (data.ask === 'ready') this.#onReady();
      else if (data.ask === 'retry') this.load();
      else if (data.ask === 'cancel') this.#cancel();
      else await this.answer(data);
    } catch (error) {
      await showFailure(error, this.context.log);
    }
  }

  #onReady(): void {
    this.#ready = true;
    const state = this.#state;
    if (state === undefined) return;
    if (state.status === 'loading' && this.#settled !== undefined) this.#send(this.#settled);
    this.#post(state);
  }

  #cancel(): void {
    this.#work?.cancel();
    for (const work of this.#beside) work.cancel();
  }

  #goBack(): void {
    this.#post(this.#settled ?? { status: 'failed', sentence: vscode.l10n.t('Cancelled as you asked.') });
  }

  #post(state: ToWebview['state']): void {
    this.#state = state;
    if (state.status !== 'loading') this.#settled = state;
    this.#send(state);
  }

  #send(state: ToWebview['state']): void {
    if (this.#ready) void this.#panel.webview.postMessage({ page: this.shown.page, shown: this.shown, state });
  }
}
