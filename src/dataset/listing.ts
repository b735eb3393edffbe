import { Worker } from 'node:worker_threads';
import { CancelledError, EnvironmentError, InputError } from '../base/errors.ts';
import type { PackedRows } from '../base/packedRows.ts';
import { programPath } from '../base/programs.ts';
import type { Job } from '../base/progress.ts';
import type { Staging } from './staging.ts';
import type { NotFollowed } from './walk.ts';

/** A part of what the walking thread found, or why it could not go on. */
export type WalkerMessage =
  | { readonly files: PackedRows; readonly notFollowed: readonly NotFollowed[] }
  | { readonly failed: string };

/**
 * Stages every file below the root, and a problem for each link that is not followed. A thread of its own walks the
 * folders, because the fast calls of the file system block. Throws {@link InputError} when the root cannot be read.
 */
export async function stageFiles(staging: Staging, job: Job = {}): Promise<number> {
  let found = 0;
  let staged = Promise.resolve();
  try {
    await walk(staging.root, job.signal, ({ files, notFollowed }) => {
      for (const problem of notFollowed) {
        staging.problem({ ...problem, items: [] });
        if (problem.kind === 'outside-root') staging.refuse(problem.where);
      }
      staged = staged.then(() => staging.files(files));
      // Its failure is thrown where it is awaited.
      staged.catch(() => {});
      found += files.count;
      job.progress?.({ stage: 'listing files', done: found });
    });
  } finally {
    await staged;
  }
  staging.database.flush();
  job.progress?.({ stage: 'listing files', done: found, total: found });
  return found;
}

async function walk(
  root: string,
  signal: AbortSignal | undefined,
  onFound: (found: Exclude<WalkerMessage, { failed: string }>) => void,
): Promise<void> {
  const worker = new Worker(programPath('walker'), { workerData: root });
  const stop = (): void => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((done, failed) => {
      // Sent by our own code in this process, so it is not validated.
      worker.on('message', (sent: WalkerMessage) => {
        if ('failed' in sent) failed(new InputError(sent.failed));
        else onFound(sent);
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
