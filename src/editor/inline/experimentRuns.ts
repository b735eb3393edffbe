import * as vscode from 'vscode';
import type { ExperimentOutline, Method, RunSummary } from '../../protocol.ts';
import { Disposable } from '../disposable.ts';
import type { Workspaces } from '../workspaces.ts';
import type { Outlines } from './outlines.ts';

/** The runs that a line of an experiment file started. */
export interface LineRuns {
  readonly line: number;
  /** That the line names, in its order; none where it stands for the whole experiment. */
  readonly methods: readonly Method[];
  readonly runs: readonly RunSummary[];
}

/** Which runs belong to which line of an experiment file as it is saved. */
export class ExperimentRuns extends Disposable {
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChange = this.#changed.event;
  readonly #workspaces: Workspaces;
  readonly #outlines: Outlines;

  constructor(workspaces: Workspaces, outlines: Outlines) {
    super();
    this.#workspaces = workspaces;
    this.#outlines = outlines;
    this.register(workspaces.onDidChangeRuns(() => this.#changed.fire()));
    this.register(outlines.onDidChange(() => this.#changed.fire()));
    this.register(vscode.workspace.onDidSaveTextDocument(() => this.#changed.fire()));
  }

  /** Lines without a run are left out. Rejects when the saved file cannot be read as an experiment. */
  async of(document: vscode.TextDocument): Promise<LineRuns[]> {
    const outline = await this.#outlines.of(document);
    if (outline === undefined) return [];
    const experiment = document.uri.fsPath;
    const runs = await this.#workspaces.of(experiment).client.request('experiment/runs', { experiment });
    return linesOf(outline, runs);
  }
}

function linesOf(outline: ExperimentOutline, runs: readonly RunSummary[]): LineRuns[] {
  const ofMethods = new Map<number, Method[]>();
  for (const { line, method } of outline.targets) {
    if (method !== undefined) ofMethods.set(line, [...(ofMethods.get(line) ?? []), method]);
  }
  const whole = outline.targets.filter(({ method }) => method === undefined);
  const lines = [
    ...whole.map(({ line }) => ({ line, methods: [], runs })),
    ...[...ofMethods].map(([line, methods]) => ({
      line,
      methods,
      runs: runs.filter(({ method }) => methods.includes(method)),
    })),
  ];
  return lines.filter((each) => each.runs.length > 0);
}
