import * as vscode from 'vscode';
import type { DatasetSummary } from '../../protocol.ts';
import { Failure } from '../failure.ts';

export function whyNoMap(error: unknown): string {
  const { kind, message } = Failure.of(error);
  return kind === 'cancelled' ? vscode.l10n.t('It was stopped.') : message;
}

export function whyNothing(summary: DatasetSummary): string {
  if (summary.error !== undefined) return summary.error;
  return summary.snapshot === undefined
    ? vscode.l10n.t('{0} is not indexed yet. Run "PairLab: Index Dataset" first.', summary.name)
    : vscode.l10n.t('{0} has no pairs of two modalities. See its problems in the explorer.', summary.name);
}
