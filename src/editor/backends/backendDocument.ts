import * as vscode from 'vscode';
import type { BackendTable } from '../../protocol.ts';
import { Disposable } from '../disposable.ts';
import { runJob } from '../runJob.ts';
import type { Workspaces } from '../workspaces.ts';
import { anyWorkspace } from './anyWorkspace.ts';
import { backendsText } from './backendsText.ts';

const ADDRESS = vscode.Uri.from({ scheme: 'pairlab-backends', path: '/Compute Backends.md' });

/** Shows what can train on this machine, and why not, as a Markdown preview. */
export class BackendDocument extends Disposable implements vscode.TextDocumentContentProvider {
  readonly #changed = this.register(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.#changed.event;
  readonly #workspaces: Workspaces;
  #table: BackendTable | undefined;

  constructor(workspaces: Workspaces) {
    super();
    this.#workspaces = workspaces;
    this.register(vscode.workspace.registerTextDocumentContentProvider(ADDRESS.scheme, this));
  }

  /** Probes every backend again, unless the table is known. */
  async show(known?: BackendTable): Promise<void> {
    this.#table = known ?? (await this.#probe(true));
    this.#changed.fire(ADDRESS);
    await vscode.commands.executeCommand('markdown.showPreview', ADDRESS);
  }

  async provideTextDocumentContent(): Promise<string> {
    // After a reload of the window the preview comes back by itself.
    this.#table ??= await this.#probe(false);
    return backendsText(this.#table);
  }

  async #probe(fresh: boolean): Promise<BackendTable> {
    const { client } = anyWorkspace(this.#workspaces);
    const title = vscode.l10n.t('Looking at the compute backends');
    return await runJob(title, (options) => client.request('backend/list', { fresh }, options));
  }
}
