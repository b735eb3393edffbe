import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../protocol.ts';
import type { CommandHandlers } from '../commands.ts';
import { Failure, requireTrust } from '../failure.ts';
import type { Panels } from '../panels/panels.ts';
import { ProblemKindTarget, ProblemTarget, targetIn } from '../targets.ts';
import type { Workspace, Workspaces } from '../workspaces.ts';
import { decide, offerUndo } from './decisionActions.ts';

/** More problems of a kind than this are fixed on the command line. */
const MOST = 10_000;

/** What the commands do that act on problems. */
export function fixActions({
  workspaces,
  panels,
}: {
  readonly workspaces: Workspaces;
  readonly panels: Panels;
}): Pick<CommandHandlers, 'openProblem' | 'applyFix'> {
  return {
    openProblem: async (argument) => {
      const target = targetIn(ProblemTarget, argument);
      if (target !== undefined) await openProblem(workspaces, panels, target);
    },
    applyFix: async (argument) => {
      requireTrust();
      const target = targetIn(ProblemTarget, argument);
      if (target !== undefined) return await applyFixes(workspaces, target.dataset, [target.problem]);
      const kind = targetIn(ProblemKindTarget, argument);
      if (kind !== undefined) await applyAllFixes(workspaces, kind);
    },
  };
}

/** Opens the pair of the problem's first item; the file where there is no such pair. */
async function openProblem(workspaces: Workspaces, panels: Panels, { dataset, problem }: ProblemTarget): Promise<void> {
  const workspace = workspaces.of(dataset);
  const [item] = problem.items;
  if (item !== undefined) {
    const asked = { dataset, filter: { item }, offset: 0, limit: 1 };
    const [pair] = (await workspace.client.request('dataset/pairs', asked)).rows;
    if (pair !== undefined) return await panels.open({ page: 'pair', dataset, pair: pair.id });
  }
  const file = problem.where.replace(/#.*$/, '');
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(join(await rootOf(workspace, dataset), file)));
}

async function applyAllFixes(workspaces: Workspaces, { dataset, kind }: ProblemKindTarget): Promise<void> {
  const asked = { dataset, kind, offset: 0, limit: MOST };
  const { problems } = await workspaces.of(dataset).client.request('dataset/problems', asked);
  const fixable = problems.filter(({ fix }) => fix !== undefined);
  if (fixable.length === 0) {
    throw new Failure('input', vscode.l10n.t('No problem of this kind has a fix that PairLab can apply.'));
  }
  const apply = vscode.l10n.t('Apply {0} Fixes', fixable.length.toLocaleString('en'));
  const detail = fixable
    .slice(0, 5)
    .map(({ fix }) => fix?.title)
    .join('\n');
  const more = fixable.length > 5 ? '\n…' : '';
  const question = vscode.l10n.t('Apply the fixes of {0} problems?', fixable.length.toLocaleString('en'));
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail: `${detail}${more}` }, apply);
  if (chosen === apply) await applyFixes(workspaces, dataset, fixable);
}

/** Renames files, as an edit that the editor can undo, and excludes items by one decision. */
async function applyFixes(workspaces: Workspaces, dataset: string, problems: readonly Problem[]): Promise<void> {
  const fixes = problems.flatMap(({ fix }) => fix ?? []);
  if (fixes.length === 0) throw new Failure('input', vscode.l10n.t('This problem has no fix that PairLab can apply.'));
  const renames = fixes.flatMap(({ rename }) => rename ?? []);
  const items = [...new Set(fixes.flatMap(({ exclude }) => exclude ?? []))];
  if (renames.length > 0) await renameFiles(workspaces, dataset, renames);
  if (items.length === 0) return;
  const [only] = fixes;
  const said =
    fixes.length === 1 ? (only?.title ?? '') : vscode.l10n.t('Excluded {0} items.', items.length.toLocaleString('en'));
  await decide(
    workspaces,
    dataset,
    { decision: 'exclude' },
    items.map((item) => ({ item })),
    said,
  );
  offerUndo(dataset, said);
}

async function renameFiles(
  workspaces: Workspaces,
  dataset: string,
  renames: readonly { from: string; to: string }[],
): Promise<void> {
  const workspace = workspaces.of(dataset);
  const root = await rootOf(workspace, dataset);
  const edit = new vscode.WorkspaceEdit();
  for (const { from, to } of renames) {
    edit.renameFile(vscode.Uri.file(join(root, from)), vscode.Uri.file(join(root, to)), { overwrite: false });
  }
  if (!(await vscode.workspace.applyEdit(edit, { isRefactoring: true }))) {
    throw new Failure('environment', vscode.l10n.t('The files could not be renamed: is there one of the new name?'));
  }
  await workspace.client.request('dataset/index', { dataset });
}

async function rootOf(workspace: Workspace, dataset: string): Promise<string> {
  const summary = (await workspace.datasets.list()).find(({ path }) => path === dataset);
  if (summary?.root === undefined) throw new Failure('input', vscode.l10n.t('The dataset file {0} is gone.', dataset));
  return summary.root;
}
