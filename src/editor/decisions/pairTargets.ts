import * as vscode from 'vscode';
import { Failure } from '../failure.ts';
import type { Panels } from '../panels/panels.ts';
import { pickDataset, pickPair } from '../picks.ts';
import { PairTarget, targetIn } from '../targets.ts';
import type { Workspaces } from '../workspaces.ts';

/** As the argument of a key binding of the explorer: what is selected there. */
export const SELECTION = 'selection';

/** Pairs of one dataset. */
export interface ChosenPairs {
  readonly dataset: string;
  readonly pairs: readonly string[];
}

export interface PairSources {
  readonly workspaces: Workspaces;
  readonly panels: Panels;
  /** The rows that are selected in the explorer. */
  readonly selection: () => readonly unknown[];
}

/**
 * The pairs that a command is about: the rows of a menu or a selection, else the pair that is in front, else one that the
 * user picks; undefined when they turn away.
 */
export async function pairsFor(
  { workspaces, panels, selection }: PairSources,
  argument: unknown,
  selected: unknown,
): Promise<ChosenPairs | undefined> {
  const rows = argument === SELECTION ? selection() : Array.isArray(selected) ? selected : [argument];
  const given = rows.flatMap((row) => targetIn(PairTarget, row) ?? []);
  const [first] = given;
  if (first !== undefined) {
    if (given.some(({ dataset }) => dataset !== first.dataset)) {
      throw new Failure('input', vscode.l10n.t('The selected pairs are of several datasets. Select pairs of one.'));
    }
    return { dataset: first.dataset, pairs: given.map(({ pair }) => pair) };
  }
  if (argument === SELECTION) return undefined;
  const shown = panels.activePair();
  if (shown !== undefined) return { dataset: shown.dataset, pairs: [shown.pair] };
  const dataset = await pickDataset(workspaces);
  const pair = dataset && (await pickPair(workspaces, dataset));
  return dataset && pair ? { dataset, pairs: [pair] } : undefined;
}
