import { Worker } from 'node:worker_threads';
import { CancelledError, EnvironmentError, InputError } from '../base/errors.ts';
import { programPath } from '../base/programs.ts';
import type { Job } from '../base/progress.ts';
import { isOwnFile } from './config.ts';
import type { Staging } from './staging.ts';
import type { Listed } from './walk.ts';

/**
 * Stages every file below the root, and a problem for each link that is not followed. A thread of its own walks the
 * folders, because the fast calls of the file system block. Throws {@link InputError} when the root cannot be read.
 */
export async function stageFiles(staging: Staging, job: Job = {}): Promise<number> {
  let files = 0;
  await walk(staging.root, job.signal, (entries) => {
    for (const entry of entries) {
      if ('kind' in entry) {
        staging.problem({ ...entry, items: [] });
        if (entry.kind === 'outside-root') staging.refuse(entry.where);
      } else if (!isOwnFile(entry.path)) {
        staging.file(entry);
        files++;
      }
    }
    job.progress?.({ stage: 'listing files', done: files });
  });
  staging.database.flush();
  job.progress?.({ stage: 'listing files', done: files, total: files });
  return files;
}

async function walk(
  root: string,
  signal: AbortSignal | undefined,
  onEntries: (entries: readonly Listed[]) => void,
): Promise<void> {
  const worker = new Worker(programPath('walker'), { workerData: root });
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((done, failed) => {
      // Sent by our own code in this process, so it is not validated.
      worker.on('message', (sent: readonly Listed[] | { failed: string }) => {
        if ('failed' in sent) failed(new InputError(sent.failed));
        else onEntries(sent);
      });
      worker.once('error', (error) =>
        failed(new EnvironmentError(`The files below ${root} could not be listed.`, error)),
      );
      worker.once('exit', () => (signal?.aborted ? failed(new CancelledError()) : done()));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
