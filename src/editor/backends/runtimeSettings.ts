import * as vscode from 'vscode';
import { settings } from '../commandIds.ts';
import { Disposable } from '../disposable.ts';

/** Where backends are set up and which Node loads them, as variables of the engine's environment. */
export class RuntimeSettings extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #storage: vscode.Uri;

  /** @param storage the folder of the extension that all workspaces share */
  constructor(storage: vscode.Uri) {
    super();
    this.#storage = storage;
    const names = [settings.runtimeFolder, settings.node].map((name) => `${settings.section}.${name}`);
    this.register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (names.some((name) => event.affectsConfiguration(name))) this.#changed.fire();
      }),
    );
  }

  variables(): NodeJS.ProcessEnv {
    const configuration = vscode.workspace.getConfiguration(settings.section);
    const folder = configuration.get(settings.runtimeFolder, '');
    const node = configuration.get(settings.node, '');
    return {
      PAIRLAB_RUNTIMES: folder === '' ? vscode.Uri.joinPath(this.#storage, 'runtimes').fsPath : folder,
      ...(node !== '' && { PAIRLAB_NODE: node }),
    };
  }
}
