import * as vscode from 'vscode';
import { Disposable } from '../disposable.ts';
import type { Workspaces } from '../workspaces.ts';
import { statisticsText } from './statisticsText.ts';

const SCHEME = 'pairlab-statistics';

/** Shows the statistics of a dataset as a Markdown preview, which follows the newest snapshot. */
export class StatisticsDocuments extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #workspaces: Workspaces;
  readonly #shown = new Map<string, vscode.Uri>();

  constructor(workspaces: Workspaces) {
    super();
    this.#workspaces = workspaces;
    this.register(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    this.register(
      workspaces.onDidChangeDatasets(() => {
        for (const uri of this.#shown.values()) this.#changed.fire(uri);
      }),
    );
  }

  async show(dataset: string): Promise<void> {
    const name = await this.#nameOf(dataset);
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md`, query: dataset });
    this.#shown.set(dataset, uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  async provideTextDocumentContent({ query: dataset }: vscode.Uri): Promise<string> {
    const { client } = this.#workspaces.of(dataset);
    const name = await this.#nameOf(dataset);
    return statisticsText(name, await client.request('dataset/statistics', { dataset }));
  }

  async #nameOf(dataset: string): Promise<string> {
    const list = await this.#workspaces.of(dataset).datasets.list();
    return list.find(({ path }) => path === dataset)?.name ?? vscode.workspace.asRelativePath(dataset);
  }
}
