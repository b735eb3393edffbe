import { availableParallelism } from 'node:os';
import { CancelledError, EnvironmentError, throwIfCancelled } from '../base/errors.ts';
import { programPath } from '../base/programs.ts';
import type { Job } from '../base/progress.ts';
import type { Content, Reading } from './contents.ts';
import { HeaderThread, ThreadLost } from './headerThread.ts';

/** More threads than this wait for the disk, not for a core. */
const MAX_THREADS = 8;
/** Large enough that messages cost little, small enough that a stop is quick. */
const BATCH = 256;
/** Far longer than any header takes, also from a slow network disk. */
const STALL_MS = 30_000;

/** What threads run, and when one of them is taken to hang. */
export interface ThreadProgram {
  readonly script: string;
  readonly stallMs: number;
}

/** Takes the contents of the readings from number `from` on. */
export type OnBatch = (from: number, contents: Content[]) => void | Promise<void>;

interface Batch {
  readonly from: number;
  readonly readings: readonly Reading[];
}

/**
 * The header pass: reads the first bytes of every item (all of a small one) in worker threads, one a core, and hands the
 * contents over batch by batch, in any order of batches. What cannot be read is a content with a problem; a reading that
 * hangs or kills its thread is tried once more by itself and then is such a content. Readings of one archive should
 * follow each other: the archive is then opened once. Throws {@link CancelledError}, and what `onBatch` throws; no thread
 * is left in any case.
 */
export async function readHeaders(
  readings: readonly Reading[] | AsyncIterable<readonly Reading[]>,
  onBatch: OnBatch,
  { signal, progress }: Job = {},
  program: ThreadProgram = { script: programPath('headers'), stallMs: STALL_MS },
): Promise<void> {
  const list = 'length' in readings ? readings : undefined;
  const batches = batchesOf('length' in readings ? [readings] : readings);
  const enough = list === undefined ? MAX_THREADS : Math.ceil(list.length / BATCH);
  const lanes = Array.from({ length: Math.min(MAX_THREADS, availableParallelism(), enough) }, () => new Lane(program));
  const close = (): void => {
    for (const lane of lanes) lane.close();
  };
  let done = 0;
  const deliver = async ({ from }: Batch, contents: Content[]): Promise<void> => {
    await onBatch(from, contents);
    done += contents.length;
    progress?.({ stage: 'reading headers', done, ...(list && { total: list.length }) });
  };
  signal?.addEventListener('abort', close, { once: true });
  try {
    throwIfCancelled(signal);
    await allOrFirstFailure(
      lanes.map((lane) => lane.work(batches, deliver)),
      close,
    );
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
}

async function* batchesOf(
  readings: Iterable<readonly Reading[]> | AsyncIterable<readonly Reading[]>,
): AsyncGenerator<Batch, undefined> {
  let count = 0;
  for await (const some of readings) {
    for (let start = 0; start < some.length; start += BATCH) {
      yield { from: count + start, readings: some.slice(start, start + BATCH) };
    }
    count += some.length;
  }
}

/** Waits for all, also when one fails: `stop` then ends the others, and the first failure is thrown. */
async function allOrFirstFailure(tasks: readonly Promise<void>[], stop: () => void): Promise<void> {
  let failure: { readonly reason: unknown } | undefined;
  const noteFailure = (reason: unknown): void => {
    failure ??= { reason };
    stop();
  };
  await Promise.all(tasks.map((task) => task.catch(noteFailure)));
  if (failure !== undefined) throw failure.reason;
}

/** A thread at work, and its successors when it is lost. */
class Lane {
  readonly #program: ThreadProgram;
  #thread: HeaderThread | undefined;
  #closed = false;

  constructor(program: ThreadProgram) {
    this.#program = program;
  }

  /** Reads batches until there are no more. The thread already reads the next one while one is delivered. */
  async work(
    batches: AsyncGenerator<Batch, undefined>,
    deliver: (batch: Batch, contents: Content[]) => Promise<void>,
  ): Promise<void> {
    const readNext = async (): Promise<{ batch: Batch; contents: Content[] } | undefined> => {
      const { value: batch } = await batches.next();
      return batch && { batch, contents: await this.#read(batch.readings) };
    };
    for (let read = await readNext(); read !== undefined; ) {
      const following = readNext();
      // Its failure is thrown where it is awaited, unless delivering fails before.
      following.catch(() => {});
      await deliver(read.batch, read.contents);
      read = await following;
    }
  }

  close(): void {
    this.#closed = true;
    this.#thread?.close();
  }

  /**
   * When a thread is lost, the reading that it was at is suspected: those before it are read again, then the suspect by
   * itself, and when that loses a thread too, it is the culprit.
   */
  async #read(readings: readonly Reading[]): Promise<Content[]> {
    const contents: Content[] = [];
    let suspect = -1;
    while (contents.length < readings.length) {
      const from = contents.length;
      const end = suspect < from ? readings.length : Math.max(suspect, from + 1);
      try {
        contents.push(...(await this.#attempt(readings.slice(from, end))));
      } catch (error) {
        if (!(error instanceof ThreadLost)) throw error;
        if (suspect === from) contents.push(contentOf(error));
        else suspect = from + error.at;
      }
    }
    return contents;
  }

  async #attempt(readings: readonly Reading[]): Promise<Content[]> {
    if (this.#closed) throw new CancelledError();
    this.#thread ??= new HeaderThread(this.#program.script, this.#program.stallMs);
    try {
      return await this.#thread.read(readings);
    } catch (error) {
      this.#thread = undefined;
      if (this.#closed) throw new CancelledError();
      if (!(error instanceof ThreadLost) || error.at >= 0) throw error;
      throw new EnvironmentError('The thread that reads headers could not be started.', error);
    }
  }
}

function contentOf({ message }: ThreadLost): Content {
  const fault = `made its reader stop (${message}): replace or delete it.`;
  return { bytes: 0, header: {}, problem: 'unreadable-media', fault };
}
