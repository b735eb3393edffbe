import * as vscode from 'vscode';
import type { JobProgress, RequestOptions } from './engineClient.ts';

/** Runs a long job of the engine behind a progress message with a button to cancel. */
export async function runJob<R>(title: string, job: (options: RequestOptions) => Promise<R>): Promise<R> {
  const location = vscode.ProgressLocation.Notification;
  return await vscode.window.withProgress({ location, title, cancellable: true }, (progress, cancellation) => {
    let shown = 0;
    const onProgress = ({ stage, done, total }: JobProgress): void => {
      if (total === undefined || total === 0) {
        progress.report({ message: `${stage} ${done.toLocaleString('en')}` });
        return;
      }
      const now = (100 * done) / total;
      // The bar only grows; a new stage starts from where the last one ended.
      const increment = Math.max(0, now - shown);
      shown = now;
      progress.report({ message: `${stage} ${done.toLocaleString('en')} / ${total.toLocaleString('en')}`, increment });
    };
    return job({ cancellation, onProgress });
  });
}
