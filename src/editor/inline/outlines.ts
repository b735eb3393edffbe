import * as vscode from 'vscode';
import type { ExperimentOutline } from '../../protocol.ts';
import { Disposable } from '../disposable.ts';
import { isExperimentFile } from '../targets.ts';
import type { Workspaces } from '../workspaces.ts';

/** Typing is over when nothing was typed for this long. */
const PAUSE_MS = 300;

/** The outline of each open experiment file, as its text stands; the file's problems go to the Problems view. */
export class Outlines extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<vscode.TextDocument>());
  readonly onDidChange = this.#changed.event;
  readonly #workspaces: Workspaces;
  readonly #log: vscode.LogOutputChannel;
  readonly #diagnostics = this.register(vscode.languages.createDiagnosticCollection('pairlab'));
  readonly #outlines = new Map<string, { version: number; outline: Promise<ExperimentOutline> }>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(workspaces: Workspaces, log: vscode.LogOutputChannel) {
    super();
    this.#workspaces = workspaces;
    this.#log = log;
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.#soon(document)));
    this.register(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#soon(document)));
    this.register(vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)));
    for (const document of vscode.workspace.textDocuments) this.#soon(document);
  }

  /** The outline of the text as it stands; undefined for other files, and when the engine cannot tell. */
  async of(document: vscode.TextDocument): Promise<ExperimentOutline | undefined> {
    const workspace = isExperiment(document) ? this.#workspaces.find(document.uri.fsPath) : undefined;
    if (workspace === undefined) return undefined;
    const key = document.uri.toString();
    const known = this.#outlines.get(key);
    const asked =
      known?.version === document.version
        ? known.outline
        : workspace.client.request('experiment/outline', { path: document.uri.fsPath, text: document.getText() });
    this.#outlines.set(key, { version: document.version, outline: asked });
    try {
      return await asked;
    } catch (error) {
      this.#log.warn(`${document.uri.fsPath}: ${error instanceof Error ? error.message : String(error)}`);
      if (this.#outlines.get(key)?.outline === asked) this.#outlines.delete(key);
      return undefined;
    }
  }

  override dispose(): void {
    super.dispose();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #soon(document: vscode.TextDocument): void {
    if (!isExperiment(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#update(document), PAUSE_MS),
    );
  }

  async #update(document: vscode.TextDocument): Promise<void> {
    const outline = await this.of(document);
    if (outline === undefined || document.isClosed || this.disposed) return;
    const diagnostics = outline.problems.map(({ line, sentence }) => {
      const { range } = document.lineAt(Math.min(line, document.lineCount - 1));
      const diagnostic = new vscode.Diagnostic(range, sentence, vscode.DiagnosticSeverity.Error);
      diagnostic.source = 'PairLab';
      return diagnostic;
    });
    this.#diagnostics.set(document.uri, diagnostics);
    this.#changed.fire(document);
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#outlines.delete(key);
    this.#diagnostics.delete(document.uri);
  }
}

export function isExperiment(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && isExperimentFile(document.uri.path);
}
