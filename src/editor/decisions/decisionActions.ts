import * as vscode from 'vscode';
import type { Decision, Target } from '../../protocol.ts';
import { commandIds, viewIds } from '../commandIds.ts';
import type { CommandHandlers } from '../commands.ts';
import { requireTrust } from '../failure.ts';
import { pickDataset } from '../picks.ts';
import { DatasetTarget, targetIn } from '../targets.ts';
import type { Workspaces } from '../workspaces.ts';
import { type ChosenPairs, type PairSources, pairsFor } from './pairTargets.ts';
import { askCaption, askClass, askNote, pairsInWords } from './prompts.ts';

const SAID_MS = 6_000;

type DecisionCommands =
  | 'excludePair'
  | 'includePair'
  | 'markWeak'
  | 'markStrong'
  | 'correctClass'
  | 'correctText'
  | 'addNote'
  | 'undoDecision';

/** What the commands do that note down a decision. */
export function decisionActions(sources: PairSources): Pick<CommandHandlers, DecisionCommands> {
  const { workspaces } = sources;
  const about =
    (decideOn: (chosen: ChosenPairs) => Promise<void>): CommandHandlers['excludePair'] =>
    async (argument, selected) => {
      requireTrust();
      const chosen = await pairsFor(sources, argument, selected);
      if (chosen !== undefined) await decideOn(chosen);
    };
  const plainly = (decision: Decision, said: (pairs: string) => string): CommandHandlers['excludePair'] =>
    about(async (chosen) => decideAbout(workspaces, chosen, decision, said(pairsInWords(chosen.pairs))));
  return {
    excludePair: plainly({ decision: 'exclude' }, (pairs) => vscode.l10n.t('Excluded {0}.', pairs)),
    includePair: plainly({ decision: 'include' }, (pairs) => vscode.l10n.t('Included {0} again.', pairs)),
    markWeak: plainly({ decision: 'weak' }, (pairs) => vscode.l10n.t('Marked {0} as weak.', pairs)),
    markStrong: plainly({ decision: 'strong' }, (pairs) => vscode.l10n.t('Marked {0} as strong.', pairs)),
    correctClass: about(async (chosen) => {
      const value = await askClass(workspaces, chosen);
      const said = vscode.l10n.t('Corrected the class of {0}.', pairsInWords(chosen.pairs));
      if (value !== undefined) await decideAbout(workspaces, chosen, { decision: 'class', value }, said);
    }),
    correctText: about(async (chosen) => {
      const asked = await askCaption(workspaces, chosen);
      if (asked === undefined) return;
      const said = vscode.l10n.t('Corrected the text of {0}.', asked.item);
      const decision: Decision = { decision: 'text', value: asked.text };
      await decide(workspaces, chosen.dataset, decision, [{ item: asked.item }], said);
    }),
    addNote: about(async (chosen) => {
      const value = await askNote(chosen.pairs);
      const said = vscode.l10n.t('Noted about {0}.', pairsInWords(chosen.pairs));
      if (value !== undefined) await decideAbout(workspaces, chosen, { decision: 'note', value }, said);
    }),
    undoDecision: async (argument) => {
      requireTrust();
      const given = targetIn(DatasetTarget, argument, 'dataset') ?? sources.panels.activePair();
      const dataset = given?.dataset ?? (await pickDataset(workspaces));
      if (dataset !== undefined) await undo(workspaces, dataset);
    },
  };
}

/** Notes down one decision about pairs and items, and waits until it counts. */
export async function decide(
  workspaces: Workspaces,
  dataset: string,
  decision: Decision,
  targets: readonly Target[],
  said: string,
): Promise<void> {
  const { client } = workspaces.of(dataset);
  await inView(() => client.request('decision/add', { dataset, decision, targets: [...targets] }));
  vscode.window.setStatusBarMessage(said, SAID_MS);
}

/** Says what was done to many items at once, and offers to undo it. */
export function offerUndo(dataset: string, said: string): void {
  const undoIt = vscode.l10n.t('Undo');
  void vscode.window.showInformationMessage(said, undoIt).then((chosen) => {
    if (chosen === undoIt) void vscode.commands.executeCommand(commandIds.undoDecision, { dataset });
  });
}

async function decideAbout(
  workspaces: Workspaces,
  { dataset, pairs }: ChosenPairs,
  decision: Decision,
  said: string,
): Promise<void> {
  const targets = pairs.map((pair) => ({ pair }));
  await decide(workspaces, dataset, decision, targets, said);
}

async function undo(workspaces: Workspaces, dataset: string): Promise<void> {
  const { client } = workspaces.of(dataset);
  const { undone, targets, example } = await inView(() => client.request('decision/undo', { dataset }));
  const about = targets === 1 ? example : vscode.l10n.t('{0} and {1} more', example, targets - 1);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Undone: {0} {1}', undone.decision, about), SAID_MS);
}

/** Progress in the explorer, where the outcome will be seen. */
async function inView<R>(work: () => Promise<R>): Promise<R> {
  return await vscode.window.withProgress({ location: { viewId: viewIds.datasets } }, work);
}
