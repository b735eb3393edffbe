import * as vscode from 'vscode';
import { EngineError } from '../protocol.ts';

/** What the user is told when something did not work: a whole sentence. */
export class Failure extends Error {
  readonly kind: EngineError['kind'] | 'untrusted';

  constructor(kind: Failure['kind'], sentence: string, cause?: unknown) {
    super(sentence, { cause });
    this.kind = kind;
  }

  /** Whatever was thrown, as a failure. Errors of the engine carry their sentence in `data`. */
  static of(error: unknown): Failure {
    if (error instanceof Failure) return error;
    if (error instanceof vscode.CancellationError) return new Failure('cancelled', error.message, error);
    const data = error instanceof Error && 'data' in error ? EngineError.safeParse(error.data).data : undefined;
    if (data !== undefined) return new Failure(data.kind, data.sentence, error);
    const reason = error instanceof Error ? error.message : String(error);
    return new Failure('internal', vscode.l10n.t('PairLab failed in a way it did not expect: {0}', reason), error);
  }
}

/** Throws where something would run or be written while the workspace is in Restricted Mode. */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  const sentence = vscode.l10n.t(
    'PairLab only browses in Restricted Mode. Trust this workspace to index, decide about pairs, compute alignments and run experiments.',
  );
  throw new Failure('untrusted', sentence);
}

/** The one place that turns an error into a message. Cancelled work says nothing. */
export async function showFailure(error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const failure = Failure.of(error);
  if (failure.kind === 'cancelled') return;
  if (failure.kind === 'untrusted') {
    const manage = vscode.l10n.t('Manage Workspace Trust');
    const chosen = await vscode.window.showWarningMessage(failure.message, manage);
    if (chosen === manage) await vscode.commands.executeCommand('workbench.trust.manage');
    return;
  }
  log.error(failure.message);
  if (failure.kind === 'internal' && failure.stack !== undefined) log.error(failure.stack);
  const showLog = vscode.l10n.t('Show Log');
  if ((await vscode.window.showErrorMessage(failure.message, showLog)) === showLog) log.show();
}
