import * as vscode from 'vscode';
import type { DeviceLoad, Method, RunBackend, RunState, RunSummary, ShotResult } from '../../protocol.ts';
import { cleanest, isActive, poolResults, secondsLeft } from './runStates.ts';

export function runLabel(run: RunSummary): string {
  const parts = [vscode.l10n.t('{0} · seed {1}', run.method, run.seed)];
  if (run.pairNoise > 0) parts.push(vscode.l10n.t('{0} pair noise', percent(run.pairNoise)));
  if (run.pairsPerClass !== undefined) parts.push(vscode.l10n.t('{0} pairs per class', run.pairsPerClass));
  return parts.join(' · ');
}

/** What a run does or showed, in a few words: "meta-training 43 % · 12 s left", "k=1 52.3 ± 1.2 %". */
export function runDescription(run: RunSummary): string {
  switch (run.state) {
    case 'queued':
      return vscode.l10n.t('queued');
    case 'running':
      return progressText([run]);
    case 'stopping':
      return vscode.l10n.t('stopping at {0}', percent(run.progress));
    case 'finished':
      return resultText(run.results);
    case 'stopped':
      return vscode.l10n.t('stopped at {0}', percent(run.progress));
    case 'failed':
      return vscode.l10n.t('failed');
    case 'interrupted':
      return vscode.l10n.t('interrupted at {0}', percent(run.progress));
  }
}

/**
 * The line beside a method of an experiment file: while its runs are at work their progress, then their result over all
 * seeds, with the least noise and the most pairs.
 */
export function methodText(runs: readonly RunSummary[]): string {
  const failed = runs.find((run) => run.state === 'failed');
  if (failed !== undefined) return vscode.l10n.t('{0} failed: {1}', runLabel(failed), failed.error ?? '');
  if (runs.some((run) => isActive(run.state))) return progressText(runs);
  const halted = runs.find((run) => run.state !== 'finished');
  if (halted === undefined) return resultText(poolResults(cleanest(runs)));
  return vscode.l10n.t('{0} {1} · Run goes on from there', runLabel(halted), runDescription(halted));
}

/**
 * The line beside several methods: of each that is finished the accuracy with the most shots, over all seeds, with the
 * least noise and the most pairs; of the others how far they are.
 */
export function methodsText(methods: readonly Method[], runs: readonly RunSummary[]): string {
  const shown = methods.flatMap((method) => {
    const own = runs.filter((run) => run.method === method);
    return own.length === 0 ? [] : [{ method, own, best: resultWithMostShots(own) }];
  });
  const shots = new Set(shown.flatMap(({ best }) => best?.shots ?? []));
  const words = shown.map(({ method, own, best }) => {
    if (best === undefined) return `${method} ${stateOfAll(own)}`;
    return shots.size > 1 ? `${method} k=${best.shots} ${accuracyText(best)}` : `${method} ${accuracyText(best)}`;
  });
  const [first] = shots;
  return `${shots.size === 1 ? `k=${first}: ` : ''}${words.join(' · ')}`;
}

function resultWithMostShots(runs: readonly RunSummary[]): ShotResult | undefined {
  return runs.every(({ state }) => state === 'finished') ? poolResults(cleanest(runs)).at(-1) : undefined;
}

function stateOfAll(runs: readonly RunSummary[]): string {
  if (runs.some(({ state }) => state === 'failed')) return stateText('failed');
  const [first] = runs.filter(({ state }) => state !== 'finished');
  if (first === undefined) return vscode.l10n.t('no result');
  const active = runs.find(({ state }) => state === 'running') ?? runs.find(({ state }) => isActive(state)) ?? first;
  return `${stateText(active.state)} ${percent(meanProgress(runs))}`;
}

/** The line beside the head of an experiment file: how far the whole grid is. */
export function gridText(runs: readonly RunSummary[]): string {
  const counts = new Map<RunState, number>();
  for (const run of runs) counts.set(run.state, (counts.get(run.state) ?? 0) + 1);
  if (counts.get('finished') === runs.length) return vscode.l10n.t('all {0} runs finished', runs.length);
  const parts = [...counts].map(([state, count]) => `${count} ${stateText(state)}`);
  return vscode.l10n.t('{0} runs: {1} · {2}', runs.length, parts.join(', '), percent(meanProgress(runs)));
}

/** "k=1 52.3 ± 1.2 % · k=5 61.0 ± 1.0 %" */
function resultText(results: readonly ShotResult[]): string {
  if (results.length === 0) return vscode.l10n.t('no result');
  return results.map((result) => `k=${result.shots} ${accuracyText(result)}`).join(' · ');
}

/** "52.3 ± 1.2 %"; without the interval when there is none. */
export function accuracyText({ accuracy, interval }: Pick<ShotResult, 'accuracy' | 'interval'>): string {
  const spread = interval === undefined ? '' : ` ± ${(interval * 100).toFixed(1)}`;
  return `${(accuracy * 100).toFixed(1)}${spread} %`;
}

export function stateText(state: RunState): string {
  switch (state) {
    case 'queued':
      return vscode.l10n.t('queued');
    case 'running':
      return vscode.l10n.t('running');
    case 'stopping':
      return vscode.l10n.t('stopping');
    case 'finished':
      return vscode.l10n.t('finished');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'interrupted':
      return vscode.l10n.t('interrupted');
  }
}

/** Mean over the runs, in [0, 1]. */
export function meanProgress(runs: readonly RunSummary[]): number {
  return runs.reduce((total, run) => total + run.progress, 0) / Math.max(1, runs.length);
}

export function percent(fraction: number): string {
  return `${Math.floor(fraction * 100)} %`;
}

/** Several runs of one method: the stage of the one at work, the progress and the time of all. */
function progressText(runs: readonly RunSummary[]): string {
  const working = runs.find((run) => run.state === 'running') ?? runs.find((run) => isActive(run.state));
  const stage = working?.stage ?? (working === undefined ? '' : stateText(working.state));
  const parts = [`${stage} ${percent(meanProgress(runs))}`.trim()];
  if (runs.length > 1) {
    const done = runs.filter((run) => run.state === 'finished').length;
    parts.push(vscode.l10n.t('{0} of {1} runs', done, runs.length));
  }
  const left = secondsLeft(runs);
  if (left !== undefined) parts.push(vscode.l10n.t('{0} left', duration(left)));
  return parts.join(' · ');
}

/** "12 s", "3 min", "1 h 20 min" */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Why better backends than the one of a run were not taken, a line each. */
export function passedOver({ refused }: RunBackend): string[] {
  return refused.map(({ name, reason }) => vscode.l10n.t('not {0}: {1}', name, reason));
}

/** "1.2 GB in use · 85 % busy"; nothing while it is not known. */
export function loadText(load: DeviceLoad | undefined): string {
  if (load === undefined) return '';
  const memory = vscode.l10n.t('{0} GB in use', (load.memory / 1e9).toFixed(1));
  return load.utilisation === undefined
    ? memory
    : `${memory} · ${vscode.l10n.t('{0} busy', percent(load.utilisation))}`;
}
