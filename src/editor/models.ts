import * as vscode from 'vscode';
import type { DatasetSummary, RunSummary } from '../protocol.ts';
import { Disposable } from './disposable.ts';
import type { EngineClient } from './engineClient.ts';

/** The datasets of a workspace folder as the engine last told them. */
export class DatasetModel extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #client: EngineClient;
  #datasets: Promise<DatasetSummary[]> | undefined;

  constructor(client: EngineClient) {
    super();
    this.#client = client;
    this.register(client.onDatasetsChanged((datasets) => this.#set(datasets)));
    this.register(client.onRestarted(() => this.refresh()));
  }

  /** Starts the engine on first need. A failed answer is not kept. */
  list(): Promise<DatasetSummary[]> {
    const asked = this.#datasets ?? this.#client.request('dataset/list', {});
    this.#datasets = asked;
    asked.catch(() => {
      if (this.#datasets === asked) this.#datasets = undefined;
    });
    return asked;
  }

  async find(path: string): Promise<DatasetSummary | undefined> {
    return (await this.list()).find((dataset) => dataset.path === path);
  }

  refresh(): void {
    this.#datasets = undefined;
    this.#changed.fire();
  }

  #set(datasets: DatasetSummary[]): void {
    this.#datasets = Promise.resolve(datasets);
    this.#changed.fire();
  }
}

/** The runs of a workspace folder: asked for once, then kept up to date by what the engine tells. */
export class RunModel extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #client: EngineClient;
  #runs: Promise<Map<string, RunSummary>> | undefined;

  constructor(client: EngineClient) {
    super();
    this.#client = client;
    this.register(client.onRunsChanged((runs) => void this.#merge(runs)));
    this.register(client.onRestarted(() => this.refresh()));
  }

  /** Newest first. Starts the engine on first need. A failed answer is not kept. */
  async list(): Promise<RunSummary[]> {
    const asked = this.#runs ?? this.#ask();
    this.#runs = asked;
    try {
      return [...(await asked).values()].sort((a, b) => (b.started ?? '~').localeCompare(a.started ?? '~'));
    } catch (error) {
      if (this.#runs === asked) this.#runs = undefined;
      throw error;
    }
  }

  refresh(): void {
    this.#runs = undefined;
    this.#changed.fire();
  }

  async #ask(): Promise<Map<string, RunSummary>> {
    const runs = await this.#client.request('run/list', {});
    return new Map(runs.map((run) => [run.id, run]));
  }

  async #merge(changed: readonly RunSummary[]): Promise<void> {
    const known = await this.#runs?.catch(() => undefined);
    if (known !== undefined) for (const run of changed) known.set(run.id, run);
    this.#changed.fire();
  }
}
