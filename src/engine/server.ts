import type { Readable, Writable } from 'node:stream';
import {
  type CancellationToken,
  createMessageConnection,
  ErrorCodes,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import * as z from 'zod';
import { CancelledError, PairLabError, toSentence } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { DecoderPool } from '../decoding/decoderPool.ts';
import { watchRuns } from '../experiment/runs.ts';
import {
  type DatasetSummary,
  type EngineError,
  type NotificationName,
  type NotificationParams,
  type RequestName,
  type RequestParams,
  requests,
} from '../protocol.ts';
import { alignmentHandlers } from './alignment.ts';
import { backendHandlers } from './backends.ts';
import { datasetHandlers } from './datasets.ts';
import { decisionHandlers } from './decisions.ts';
import { embeddingHandlers } from './embeddings.ts';
import { experimentHandlers } from './experiments.ts';
import type { Handler, Handlers, TellPart } from './handlers.ts';
import { SnapshotShelf } from './snapshotShelf.ts';
import { Turns } from './turns.ts';
import { DatasetWatch } from './watchDatasets.ts';

/** Progress of one job is told at most this often, except the first word of each stage. */
const PROGRESS_INTERVAL_MS = 100;

/**
 * Serves one workspace folder over a pair of streams until the input ends or the signal is aborted; then stops the jobs
 * under way and resolves. Runs go on: they are processes of their own.
 */
export async function serve(workspace: string, input: Readable, output: Writable, signal: AbortSignal): Promise<void> {
  const connection = createMessageConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
  const engine = new Engine(connection, workspace);
  const closed = new Promise<void>((resolve) => {
    connection.onClose(resolve);
    input.once('end', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  connection.listen();
  engine.watch();
  await closed;
  engine.close();
}

/** A request whose sender listens to what happens until it is answered. */
const Listening = z.object({ token: z.string() });

class Engine {
  readonly #connection: MessageConnection;
  readonly #closing = new AbortController();
  readonly #shelf = new SnapshotShelf();
  readonly #decoders = new DecoderPool();
  readonly #datasets: DatasetWatch;
  readonly #workspace: string;
  #runs: { dispose(): void } | undefined;
  #runPlaces: string | undefined;

  constructor(connection: MessageConnection, workspace: string) {
    this.#connection = connection;
    this.#workspace = workspace;
    this.#datasets = new DatasetWatch(workspace, (datasets) => {
      this.#notify('datasets/changed', datasets);
      this.#followRuns(datasets);
    });
    const turns = new Turns();
    const changed = (): void => this.#datasets.look();
    const handlers: Handlers = {
      ...datasetHandlers({ workspace, shelf: this.#shelf, turns, decoders: this.#decoders, changed }),
      ...decisionHandlers({ turns, changed }),
      ...embeddingHandlers(this.#shelf),
      ...alignmentHandlers(this.#shelf, turns),
      ...experimentHandlers(workspace),
      ...backendHandlers(),
    };
    // The keys of `requests` are the request names, by its type.
    for (const name of Object.keys(requests) as RequestName[]) this.#answer(name, handlers[name]);
  }

  watch(): void {
    this.#datasets.look();
    this.#followRuns([]);
  }

  /** Runs lie beside the datasets: another dataset file is another place to look for them. */
  #followRuns(datasets: readonly DatasetSummary[]): void {
    const places = datasets.map(({ path }) => path).join('\n');
    if (places === this.#runPlaces) return;
    this.#runPlaces = places;
    this.#runs?.dispose();
    this.#runs = watchRuns(this.#workspace, (runs) => this.#notify('runs/changed', runs));
  }

  close(): void {
    this.#closing.abort();
    this.#runs?.dispose();
    this.#datasets.close();
    this.#shelf.close();
    void this.#decoders.close();
    this.#connection.dispose();
  }

  #answer<M extends RequestName>(name: M, handler: Handler<M>): void {
    this.#connection.onRequest(name, async (sent: unknown, cancellation: CancellationToken) => {
      const params = requests[name].params.safeParse(sent);
      if (!params.success) throw invalidParams(name, params.error);
      const stop = new AbortController();
      const cancelled = cancellation.onCancellationRequested(() => stop.abort());
      const signal = AbortSignal.any([stop.signal, this.#closing.signal]);
      try {
        // Checked a moment ago by the schema of the same name, which TypeScript cannot follow through M.
        return await handler(params.data as RequestParams<M>, this.#jobOf(sent, signal), this.#partsOf(sent));
      } catch (error) {
        throw this.#failure(name, signal.aborted && isAbort(error) ? new CancelledError() : error);
      } finally {
        cancelled.dispose();
      }
    });
  }

  #partsOf(sent: unknown): TellPart {
    const { data } = Listening.safeParse(sent);
    return (report) => {
      if (data !== undefined) this.#notify('alignment/part', { token: data.token, report });
    };
  }

  /** A job that tells its progress when the request carries a token. */
  #jobOf(sent: unknown, signal: AbortSignal): Job {
    const { data } = Listening.safeParse(sent);
    if (data === undefined) return { signal };
    let stage = '';
    let told = 0;
    return {
      signal,
      progress: (step) => {
        const now = Date.now();
        if (step.stage === stage && now - told < PROGRESS_INTERVAL_MS && step.done !== step.total) return;
        stage = step.stage;
        told = now;
        this.#notify('progress', { token: data.token, ...step });
      },
    };
  }

  #failure(name: RequestName, error: unknown): ResponseError<EngineError> {
    const kind = error instanceof PairLabError ? error.kind : 'internal';
    const sentence = toSentence(error);
    if (kind === 'internal' && error instanceof Error) {
      this.#notify('log', { level: 'error', message: `${name}: ${error.stack ?? error.message}` });
    }
    return new ResponseError(ErrorCodes.InternalError, sentence, { kind, sentence });
  }

  #notify<N extends NotificationName>(name: N, params: NotificationParams<N>): void {
    if (this.#closing.signal.aborted) return;
    // A notification that cannot be sent has no reader any more: the closed stream ends the engine by itself.
    this.#connection.sendNotification(name, params).catch(() => undefined);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function invalidParams(name: RequestName, error: z.ZodError): ResponseError<EngineError> {
  const sentence = `The request ${name} was malformed: ${z.prettifyError(error)}`;
  return new ResponseError(ErrorCodes.InvalidParams, sentence, { kind: 'internal', sentence });
}
