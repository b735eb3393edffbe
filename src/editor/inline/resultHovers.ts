import * as vscode from 'vscode';
import type { RunSummary } from '../../protocol.ts';
import { Disposable } from '../disposable.ts';
import { accuracyText, runLabel, stateText } from '../runs/runText.ts';
import type { Workspaces } from '../workspaces.ts';
import type { ExperimentRuns, LineRuns } from './experimentRuns.ts';

/** A hover with more curves than this would not fit on a screen. */
const MOST_CURVES = 3;

/** At a line with runs: a table of accuracies by seed and number of shots, and the learning curves. */
export class ResultHovers extends Disposable implements vscode.HoverProvider {
  readonly #workspaces: Workspaces;
  readonly #runs: ExperimentRuns;

  constructor(workspaces: Workspaces, runs: ExperimentRuns) {
    super();
    this.#workspaces = workspaces;
    this.#runs = runs;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    cancellation: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const lines = await this.#runs.of(document).catch((): LineRuns[] => []);
    const found = lines.find(({ line }) => line === position.line);
    if (found === undefined) return undefined;
    const curves = await this.#curves(found.runs, cancellation);
    const content = new vscode.MarkdownString();
    content.appendMarkdown(resultTable(found.runs));
    for (const { error } of found.runs) if (error !== undefined) content.appendText(`${error}\n`);
    for (const { run, svg } of curves) {
      if (curves.length > 1) content.appendMarkdown(`**${runLabel(run)}**\n\n`);
      content.appendMarkdown(`![${altText(run)}](${svgAddress(svg)})\n\n`);
    }
    return new vscode.Hover(content, document.lineAt(position.line).range);
  }

  async #curves(
    runs: readonly RunSummary[],
    cancellation: vscode.CancellationToken,
  ): Promise<{ run: RunSummary; svg: string }[]> {
    const theme = isLight(vscode.window.activeColorTheme.kind) ? 'light' : 'dark';
    const curved = runs.filter((run) => run.curve.length > 1).slice(0, MOST_CURVES);
    return await Promise.all(
      curved.map(async (run) => {
        const { client } = this.#workspaces.of(run.experiment);
        return { run, ...(await client.request('run/curve', { run: run.id, theme }, { cancellation })) };
      }),
    );
  }
}

function isLight(kind: vscode.ColorThemeKind): boolean {
  return kind === vscode.ColorThemeKind.Light || kind === vscode.ColorThemeKind.HighContrastLight;
}

function altText(run: RunSummary): string {
  return vscode.l10n.t('Validation accuracy and losses of {0} over its iterations', runLabel(run));
}

function svgAddress(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

/** A row a run, a column a number of shots. */
export function resultTable(runs: readonly RunSummary[]): string {
  const shots = [...new Set(runs.flatMap((run) => run.results.map((result) => result.shots)))].sort((a, b) => a - b);
  const header = [vscode.l10n.t('run'), vscode.l10n.t('state'), ...shots.map((k) => `k=${k}`)];
  const rows = runs.map((run) => [
    runLabel(run),
    stateText(run.state),
    ...shots.map((k) => {
      const result = run.results.find((each) => each.shots === k);
      return result === undefined ? '–' : accuracyText(result);
    }),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n').concat('\n\n');
}
