import * as vscode from 'vscode';
import type { DatasetSummary, RunSummary } from '../protocol.ts';
import { Disposable } from './disposable.ts';
import { EngineClient } from './engineClient.ts';
import { Failure } from './failure.ts';
import { LiveList } from './liveList.ts';

/** How engines are started. */
export interface EngineSettings {
  readonly cli: string;
  readonly log: vscode.LogOutputChannel;
  /** What their environment holds besides that of the editor. */
  readonly variables: () => NodeJS.ProcessEnv;
  /** Their environment is another one now. */
  readonly onDidChangeVariables: vscode.Event<void>;
}

/** One folder of the workspace with its engine and what is known of it. */
export class Workspace extends Disposable {
  readonly folder: vscode.WorkspaceFolder;
  readonly client: EngineClient;
  readonly datasets: LiveList<DatasetSummary>;
  /** Newest first; also runs of earlier settings. */
  readonly runs: LiveList<RunSummary>;

  constructor(engine: EngineSettings, folder: vscode.WorkspaceFolder) {
    super();
    this.folder = folder;
    const { cli, log, variables } = engine;
    const client = this.register(new EngineClient(cli, folder, log, variables));
    this.client = client;
    this.datasets = this.register(
      new LiveList(client, () => client.request('dataset/list', {}), client.onDatasetsChanged),
    );
    this.runs = this.register(new LiveList(client, () => client.request('run/list', {}), client.onRunsChanged));
    this.#watchFiles();
  }

  refresh(): void {
    this.datasets.refresh();
    this.runs.refresh();
  }

  /** The engine watches what it knows; files that come and go anywhere below the folder are VS Code's to see. */
  #watchFiles(): void {
    const datasets = new vscode.RelativePattern(this.folder, '**/{pairlab.yaml,*.pairlab.yaml}');
    const files = this.register(vscode.workspace.createFileSystemWatcher(datasets, false, true, false));
    this.register(files.onDidCreate(() => this.datasets.refresh()));
    this.register(files.onDidDelete(() => this.datasets.refresh()));
  }
}

/** The folders of the window, kept in step with it. */
export class Workspaces extends Disposable {
  readonly #datasetsChanged = this.register(new vscode.EventEmitter<void>());
  readonly #runsChanged = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeDatasets = this.#datasetsChanged.event;
  readonly onDidChangeRuns = this.#runsChanged.event;

  readonly #engine: EngineSettings;
  readonly #workspaces = new Map<string, Workspace>();

  constructor(engine: EngineSettings) {
    super();
    this.#engine = engine;
    this.register(
      engine.onDidChangeVariables(() => {
        for (const { client } of this.all()) client.renew();
      }),
    );
    this.register(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#follow()));
    this.#follow();
  }

  all(): Workspace[] {
    return [...this.#workspaces.values()];
  }

  /** The innermost folder of the window that holds the path. */
  find(path: string): Workspace | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path));
    return folder && this.#workspaces.get(folder.uri.toString());
  }

  /** Throws a {@link Failure} when the path lies outside the window's folders. */
  of(path: string): Workspace {
    const workspace = this.find(path);
    if (workspace !== undefined) return workspace;
    const sentence = vscode.l10n.t('{0} is not inside an open folder. Open its folder and try again.', path);
    throw new Failure('input', sentence);
  }

  override dispose(): void {
    super.dispose();
    for (const workspace of this.#workspaces.values()) workspace.dispose();
    this.#workspaces.clear();
  }

  #follow(): void {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
    const open = new Set(folders.map((folder) => folder.uri.toString()));
    for (const [key, workspace] of this.#workspaces) {
      if (open.has(key)) continue;
      workspace.dispose();
      this.#workspaces.delete(key);
    }
    for (const folder of folders) {
      if (this.#workspaces.has(folder.uri.toString())) continue;
      const workspace = new Workspace(this.#engine, folder);
      workspace.datasets.onDidChange(() => this.#datasetsChanged.fire());
      workspace.runs.onDidChange(() => this.#runsChanged.fire());
      this.#workspaces.set(folder.uri.toString(), workspace);
    }
    this.#datasetsChanged.fire();
    this.#runsChanged.fire();
  }
}
