import { availableParallelism } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';
import { beside } from '../base/concurrency.ts';
import { CancelledError, EnvironmentError, InputError } from '../base/errors.ts';
import { programPath } from '../base/programs.ts';
import type { Job } from '../base/progress.ts';
import { type Listing, listFew } from './listingBatch.ts';
import type { Found, Helper, ListingMessage, ListingTask } from './listingThread.ts';
import type { Staging } from './staging.ts';

/** More helpers than this wait for the walk, or for the disk. */
const MAX_HELPERS = 3;

/**
 * Stages every file below the root, in an order that depends on the names alone, and a problem for each link that is not
 * followed. Threads do it, unless there are few. Throws {@link InputError} when the root cannot be read.
 */
export async function stageFiles(staging: Staging, job: Job = {}): Promise<number> {
  let found = 0;
  let staged = Promise.resolve();
  try {
    await list(staging.root, job.signal, ({ files, notFollowed }) => {
      for (const problem of notFollowed) {
        staging.problem({ ...problem, items: [] });
        if (problem.kind === 'outside-root') staging.refuse(problem.where);
      }
      staged = beside(staged.then(() => staging.files(files)));
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

/** Gives what is found in the order of the walk. */
async function list(root: string, signal: AbortSignal | undefined, onFound: (found: Listing) => void): Promise<void> {
  const few = listFew(root);
  if (few === undefined) await listInThreads(root, signal, onFound);
  else onFound(few);
}

async function listInThreads(
  root: string,
  signal: AbortSignal | undefined,
  onFound: (found: Listing) => void,
): Promise<void> {
  const give = inOrder(onFound);
  const threads = startThreads(root);
  const stop = async (): Promise<void> => {
    await Promise.all(threads.map((thread) => thread.terminate()));
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(
      threads.map(
        (thread) =>
          new Promise<void>((done, failed) => {
            // Sent by our own code in this process, so it is not validated.
            thread.on('message', (sent: ListingMessage) => {
              if ('failed' in sent) failed(new InputError(sent.failed));
              else give(sent);
            });
            thread.once('error', (error) =>
              failed(new EnvironmentError(`The files below ${root} could not be listed.`, error)),
            );
            thread.once('exit', () => (signal?.aborted ? failed(new CancelledError()) : done()));
          }),
      ),
    );
  } finally {
    signal?.removeEventListener('abort', stop);
    await stop();
  }
}

function startThreads(root: string): Worker[] {
  const script = programPath('walker');
  const start = (task: ListingTask, ...ports: Helper['port'][]): Worker =>
    new Worker(script, { workerData: task, transferList: ports });
  const channels = Array.from({ length: Math.min(MAX_HELPERS, Math.max(1, availableParallelism() - 1)) }, () => ({
    ...new MessageChannel(),
    waiting: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  }));
  const helpers = channels.map(({ port1, waiting }) => ({ port: port1, waiting }));
  return [
    start({ root, helpers }, ...helpers.map(({ port }) => port)),
    ...channels.map(({ port2, waiting }) => start({ root, helper: { port: port2, waiting } }, port2)),
  ];
}

/** Several threads look at batches, and a later one may be there first. */
function inOrder(onFound: (found: Listing) => void): (found: Found) => void {
  const early = new Map<number, Found>();
  let next = 0;
  return (found) => {
    early.set(found.number, found);
    for (let ready = early.get(next); ready !== undefined; ready = early.get(++next)) {
      early.delete(next);
      onFound(ready);
    }
  };
}
