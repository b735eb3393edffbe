import * as vscode from 'vscode';
import { Disposable } from '../disposable.ts';
import { isActive } from '../runs/runStates.ts';
import { gridText, methodsText, methodText } from '../runs/runText.ts';
import type { ExperimentRuns, LineRuns } from './experimentRuns.ts';
import { isExperiment } from './outlines.ts';

/** Progress while runs are at work and then their result, at the end of the line that started them. */
export class InlineResults extends Disposable {
  readonly #runs: ExperimentRuns;
  readonly #log: vscode.LogOutputChannel;
  readonly #type = this.register(
    vscode.window.createTextEditorDecorationType({
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      after: { margin: '0 0 0 3ch' },
    }),
  );
  #drawing = false;
  #again = false;

  constructor(runs: ExperimentRuns, log: vscode.LogOutputChannel) {
    super();
    this.#runs = runs;
    this.#log = log;
    this.register(runs.onDidChange(() => void this.#draw()));
    this.register(vscode.window.onDidChangeVisibleTextEditors(() => void this.#draw()));
    void this.#draw();
  }

  /** One drawing at a time; changes meanwhile lead to one more. */
  async #draw(): Promise<void> {
    this.#again = true;
    if (this.#drawing) return;
    this.#drawing = true;
    while (this.#again && !this.disposed) {
      this.#again = false;
      const editors = vscode.window.visibleTextEditors.filter(({ document }) => isExperiment(document));
      await Promise.all(editors.map((editor) => this.#drawEditor(editor)));
    }
    this.#drawing = false;
  }

  async #drawEditor(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    try {
      const lines = await this.#runs.of(document);
      const shown = lines.filter(({ line }) => line < document.lineCount);
      editor.setDecorations(
        this.#type,
        shown.map((each) => decorate(document, each)),
      );
    } catch (error) {
      // The file has problems, which stand in the Problems view; results of another text would mislead.
      editor.setDecorations(this.#type, []);
      this.#log.debug(`${document.uri.fsPath}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function decorate(document: vscode.TextDocument, { line, methods, runs }: LineRuns): vscode.DecorationOptions {
  const end = document.lineAt(line).range.end;
  return {
    range: new vscode.Range(end, end),
    renderOptions: {
      after: { contentText: textOf(methods, runs), color: colourOf(runs), fontStyle: 'italic' },
    },
  };
}

function textOf(methods: LineRuns['methods'], runs: LineRuns['runs']): string {
  if (methods.length === 0) return gridText(runs);
  return methods.length === 1 ? methodText(runs) : methodsText(methods, runs);
}

function colourOf(runs: LineRuns['runs']): vscode.ThemeColor {
  if (runs.some((run) => run.state === 'failed')) return new vscode.ThemeColor('editorError.foreground');
  if (runs.some((run) => isActive(run.state))) return new vscode.ThemeColor('editorCodeLens.foreground');
  return new vscode.ThemeColor('editorInlayHint.foreground');
}
