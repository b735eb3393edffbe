import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type * as z from 'zod';
import {
  type AlignmentReport,
  type DatasetSummary,
  type NotificationParams,
  type RequestName,
  type RequestParams,
  type RequestResult,
  type RunSummary,
  requests,
} from '../protocol.ts';
import { Disposable } from './disposable.ts';
import { type EngineListener, EngineProcess } from './engineProcess.ts';
import { Failure } from './failure.ts';

/** After this many crashes within the window the engine stays down until the user starts it again. */
const CRASH_LIMIT = 3;
const CRASH_WINDOW_MS = 3 * 60_000;

/** Anything slower is stuck. The jobs below take as long as the data needs, and the user can cancel them. */
const TIMEOUT_MS = 120_000;
const WITHOUT_TIMEOUT: ReadonlySet<RequestName> = new Set([
  'dataset/propose',
  'dataset/init',
  'dataset/index',
  'dataset/check',
  'decision/add',
  'decision/undo',
  'alignment/compute',
  'alignment/map',
  'alignment/export',
  'experiment/report',
  'backend/list',
  'backend/setUp',
]);

export type JobProgress = Omit<NotificationParams<'progress'>, 'token'>;

export interface RequestOptions {
  readonly cancellation?: vscode.CancellationToken;
  readonly onProgress?: (progress: JobProgress) => void;
  /** Takes what of an alignment report is ready. */
  readonly onPart?: (report: AlignmentReport) => void;
}

/** Talks to the engine of one workspace folder: started on first need, and again after a crash. */
export class EngineClient extends Disposable {
  readonly #runs = this.register(new vscode.EventEmitter<RunSummary[]>());
  readonly #datasets = this.register(new vscode.EventEmitter<DatasetSummary[]>());
  readonly #restarted = this.register(new vscode.EventEmitter<void>());
  readonly onRunsChanged = this.#runs.event;
  readonly onDatasetsChanged = this.#datasets.event;
  /** A fresh engine took over after a crash: what was asked before must be asked again. */
  readonly onRestarted = this.#restarted.event;

  readonly #cli: string;
  readonly #folder: vscode.WorkspaceFolder;
  readonly #log: vscode.LogOutputChannel;
  readonly #variables: () => NodeJS.ProcessEnv;
  /** Who listens to a request, by its token. */
  readonly #listeners = new Map<string, RequestOptions>();
  #engine: EngineProcess | undefined;
  #crashes: number[] = [];

  /** @param variables what the environment of an engine holds besides that of the editor, at its start */
  constructor(
    cli: string,
    folder: vscode.WorkspaceFolder,
    log: vscode.LogOutputChannel,
    variables: () => NodeJS.ProcessEnv = () => ({}),
  ) {
    super();
    this.#variables = variables;
    this.#cli = cli;
    this.#folder = folder;
    this.#log = log;
  }

  /** Rejects with a {@link Failure}. */
  async request<M extends RequestName>(
    name: M,
    params: RequestParams<M>,
    options: RequestOptions = {},
  ): Promise<RequestResult<M>> {
    const token = randomUUID();
    const listens = options.onProgress !== undefined || options.onPart !== undefined;
    if (listens) this.#listeners.set(token, options);
    try {
      const answer = await this.#ask(name, listens ? { ...params, token } : params, options);
      const schema: z.ZodType = requests[name].result;
      // The schema of the same name, which TypeScript cannot follow through M.
      return schema.parse(answer) as RequestResult<M>;
    } catch (error) {
      if (options.cancellation?.isCancellationRequested) throw new vscode.CancellationError();
      this.#log.debug(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      throw Failure.of(error);
    } finally {
      this.#listeners.delete(token);
    }
  }

  /** Goes on with a fresh engine, where one is at work: what it was started with has changed. */
  renew(): void {
    const engine = this.#engine;
    if (engine === undefined) return;
    this.#engine = undefined;
    engine.stop();
    this.#restart();
  }

  override dispose(): void {
    super.dispose();
    this.#engine?.stop();
    this.#engine = undefined;
  }

  async #ask(name: RequestName, params: object, options: RequestOptions): Promise<unknown> {
    const engine = this.#started();
    const stop = new vscode.CancellationTokenSource();
    const forward = options.cancellation?.onCancellationRequested(() => stop.cancel());
    if (options.cancellation?.isCancellationRequested) stop.cancel();
    const timer = WITHOUT_TIMEOUT.has(name) ? undefined : setTimeout(() => stop.cancel(), TIMEOUT_MS);
    try {
      return await engine.request(name, params, stop.token);
    } catch (error) {
      if (this.#engine !== engine) throw this.#gone(error);
      if (stop.token.isCancellationRequested && !options.cancellation?.isCancellationRequested) {
        const sentence = vscode.l10n.t('The PairLab engine did not answer within two minutes. Try again.');
        throw new Failure('environment', sentence, error);
      }
      throw error;
    } finally {
      clearTimeout(timer);
      forward?.dispose();
      stop.dispose();
    }
  }

  #gone(cause: unknown): Failure {
    return new Failure(
      'environment',
      vscode.l10n.t('The PairLab engine stopped while it was at work. Try again; runs are not affected.'),
      cause,
    );
  }

  #started(): EngineProcess {
    if (this.disposed) throw new vscode.CancellationError();
    if (this.#engine !== undefined) return this.#engine;
    if (this.#recentCrashes() >= CRASH_LIMIT) {
      throw new Failure('environment', vscode.l10n.t('The PairLab engine keeps stopping and is down. See the log.'));
    }
    this.#log.info(`starting the engine for ${this.#folder.uri.fsPath}`);
    const listener = {
      on: {
        progress: ({ token, ...progress }) => this.#listeners.get(token)?.onProgress?.(progress),
        'alignment/part': ({ token, report }) => this.#listeners.get(token)?.onPart?.(report),
        'runs/changed': (runs) => this.#runs.fire(runs),
        'datasets/changed': (datasets) => this.#datasets.fire(datasets),
        log: ({ level, message }) => this.#log[level](message),
      },
      onLine: (line) => this.#log.info(line),
      onExit: (reason) => this.#onExit(engine, reason),
    } satisfies EngineListener;
    const engine = new EngineProcess(this.#cli, this.#folder.uri.fsPath, listener, this.#variables());
    this.#engine = engine;
    return engine;
  }

  #onExit(engine: EngineProcess, reason: string): void {
    if (this.#engine !== engine) return;
    this.#engine = undefined;
    this.#log.error(`the engine for ${this.#folder.uri.fsPath} ended: ${reason}`);
    this.#crashes.push(Date.now());
    if (this.#recentCrashes() < CRASH_LIMIT) this.#restart();
    void this.#tellCrash();
  }

  async #tellCrash(): Promise<void> {
    const showLog = vscode.l10n.t('Show Log');
    if (this.#engine !== undefined) {
      const sentence = vscode.l10n.t('The PairLab engine stopped unexpectedly and was started again.');
      if ((await vscode.window.showWarningMessage(sentence, showLog)) === showLog) this.#log.show();
      return;
    }
    const startAgain = vscode.l10n.t('Start Again');
    const sentence = vscode.l10n.t('The PairLab engine stopped {0} times in a row and is down.', CRASH_LIMIT);
    const chosen = await vscode.window.showErrorMessage(sentence, startAgain, showLog);
    if (chosen === showLog) this.#log.show();
    if (chosen === startAgain) {
      this.#crashes = [];
      this.#restart();
    }
  }

  #restart(): void {
    this.#started();
    this.#restarted.fire();
  }

  #recentCrashes(): number {
    this.#crashes = this.#crashes.filter((time) => Date.now() - time < CRASH_WINDOW_MS);
    return this.#crashes.length;
  }
}
