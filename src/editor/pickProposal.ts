import * as vscode from 'vscode';
import type { Proposal } from '../protocol.ts';

const EXAMPLES = 2;

/**
 * The number of the layout that fits a folder, counted from 1. The user is asked unless there is one only, and everything
 * pairs by it. Undefined when they turn away.
 */
export async function pickProposal(folder: string, proposals: readonly Proposal[]): Promise<number | undefined> {
  const [best, another] = proposals;
  if (best?.matchRate === 1 && best.ambiguous === 0 && another === undefined) return 1;
  const choices = proposals.map((proposal, index) => ({
    label: proposal.description,
    description: fitOf(proposal),
    detail: examplesOf(proposal),
    choice: index + 1,
  }));
  const picked = await vscode.window.showQuickPick(choices, {
    title: vscode.l10n.t('How do the files of {0} pair?', vscode.workspace.asRelativePath(folder)),
    placeHolder: vscode.l10n.t('What does not pair will be named as problems'),
    matchOnDetail: true,
  });
  return picked?.choice;
}

function fitOf({ matchRate, matched, unmatched, ambiguous }: Proposal): string {
  const share = `${(Math.floor(1000 * matchRate) / 10).toFixed(1)} %`;
  const fit = vscode.l10n.t('{0} of {1} items pair', share, (matched + unmatched).toLocaleString('en'));
  return ambiguous === 0 ? fit : `${fit} · ${vscode.l10n.t('{0} ambiguous', ambiguous.toLocaleString('en'))}`;
}

function examplesOf({ examples }: Proposal): string {
  return examples
    .slice(0, EXAMPLES)
    .map(({ items }) => items.join('  ↔  '))
    .join('      ');
}
