import * as vscode from 'vscode';
import { Failure } from '../failure.ts';
import type { Workspace, Workspaces } from '../workspaces.ts';

/** A folder whose engine answers for the machine. Throws a {@link Failure} in an empty window. */
export function anyWorkspace(workspaces: Workspaces): Workspace {
  const [first] = workspaces.all();
  if (first !== undefined) return first;
  throw new Failure('input', vscode.l10n.t('Open a folder first: PairLab works in the folders of the window.'));
}
