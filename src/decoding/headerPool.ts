import { availableParallelism } from 'node:os';
import { ahead } from '../base/concurrency.ts';
import { CancelledError, EnvironmentError, throwIfCancelled } from '../base/errors.ts';
import { type PackedRows, RowPacker } from '../base/packedRows.ts';
import { programPath } from '../base/programs.ts';
import type { Job } from '../base/progress.ts';
import { HEADER_CELLS, type NumberedReading } from './contents.ts';
import { HeaderThread, ThreadLost } from './headerThread.ts';

/** More threads than this wait for the disk, not for a core. */
const MAX_THREADS = 8;
/** Of this size, batches are so large that messages cost little, and so small that a stop is quick. */
export const READINGS_PER_BATCH = 1024;
/** Readings fetched ahead, and batches of contents that wait to be taken: threads go on reading meanwhile. */
const FETCHED_AHEAD = 4;
const WAITING_BATCHES = 16;
/** Far longer than any header takes, also from a slow network disk. */
const STALL_MS = 30_000;

/** What threads run, and when one of them is taken to hang. */
export interface ThreadProgram {
  readonly script: string;
  readonly stallMs: number;
}

/** {@link NumberedReading}s in JSON, without the brackets of the list. */
export interface ReadingBatch {
  readonly count: number;
  readonly json: string;
}

/** Takes the contents of some readings, {@link HEADER_CELLS} of each. */
export type OnContents = (contents: PackedRows) => void | Promise<void>;

/**
 * The header pass: reads the first bytes of every item (all of a small one) in worker threads, one a core, and hands the
 * contents over batch by batch, in any order of batches. What cannot be read is a content with a problem; a reading that
 * hangs or kills its thread is tried once more by itself and then is such a content. Readings of one archive should
 * follow each other: the archive is then opened once. The database writes the readings and takes the contents, and nothing
 * of them becomes an object in this thread. Throws {@link CancelledError}, and what `onContents` throws; no thread is left
 * in any case.
 */
export async function readHeaders(
  readings: AsyncGenerator<ReadingBatch, undefined>,
  onContents: OnContents,
  { signal }: Job = {},
  program: ThreadProgram = { script: programPath('headers'), stallMs: STALL_MS },
): Promise<void> {
  const batches = ahead(readings, FETCHED_AHEAD);
  const lanes = Array.from({ length: Math.min(MAX_THREADS, availableParallelism()) }, () => new Lane(program));
  const close = (): void => {
    for (const lane of lanes) lane.close();
  };
  signal?.addEventListener('abort', close, { once: true });
  try {
    throwIfCancelled(signal);
    await allOrFirstFailure(
      lanes.map((lane) => lane.work(batches, onContents)),
      close,
    );
  } finally {
    signal?.removeEventListener('abort', close);
    close();
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

  /** Reads batches until there are no more. The thread goes on reading while some are delivered. */
  async work(batches: AsyncGenerator<ReadingBatch, undefined>, onContents: OnContents): Promise<void> {
    const delivering: Promise<void>[] = [];
    const next = async (): Promise<ReadingBatch | undefined> => (await batches.next()).value;
    for (let batch = await next(); batch !== undefined; batch = await next()) {
      const delivered = deliver(onContents, await this.#read(batch));
      // Its failure is thrown where it is awaited, unless reading fails before.
      delivered.catch(() => {});
      delivering.push(delivered);
      if (delivering.length >= WAITING_BATCHES) await delivering.shift();
    }
    await Promise.all(delivering);
  }

  close(): void {
    this.#closed = true;
    this.#thread?.close();
  }

  /**
   * When a thread is lost, the reading that it was at is suspected: those before it are read again, then the suspect by
   * itself, and when that loses a thread too, it is the culprit.
   */
  async #read(readings: ReadingBatch): Promise<PackedRows[]> {
    const contents: PackedRows[] = [];
    let [done, suspect] = [0, -1];
    while (done < readings.count) {
      const end = suspect < done ? readings.count : Math.max(suspect, done + 1);
      try {
        contents.push(await this.#attempt(partOf(readings, done, end)));
        done = end;
      } catch (error) {
        if (!(error instanceof ThreadLost)) throw error;
        if (suspect === done) contents.push(faultyContent(partOf(readings, done, ++done), error));
        else suspect = done + error.at;
      }
    }
    return contents;
  }

  async #attempt({ json }: ReadingBatch): Promise<PackedRows> {
    if (this.#closed) throw new CancelledError();
    this.#thread ??= new HeaderThread(this.#program.script, this.#program.stallMs);
    try {
      return await this.#thread.read(json);
    } catch (error) {
      this.#thread = undefined;
      if (this.#closed) throw new CancelledError();
      if (!(error instanceof ThreadLost) || error.at >= 0) throw error;
      throw new EnvironmentError('The thread that reads headers could not be started.', error);
    }
  }
}

async function deliver(onContents: OnContents, contents: readonly PackedRows[]): Promise<void> {
  for (const some of contents) await onContents(some);
}

function partOf(batch: ReadingBatch, start: number, end: number): ReadingBatch {
  if (end - start === batch.count) return batch;
  const json = JSON.stringify(readingsIn(batch).slice(start, end)).slice(1, -1);
  return { count: end - start, json };
}

/** Written by our own code in this process, so it is not validated. */
function readingsIn({ json }: ReadingBatch): NumberedReading[] {
  return JSON.parse(`[${json}]`);
}

/** The content of readings that a thread was lost at. */
function faultyContent(culprits: ReadingBatch, { message }: ThreadLost): PackedRows {
  const contents = new RowPacker(HEADER_CELLS);
  const fault = `made its reader stop (${message}): replace or delete it.`;
  for (const { number } of readingsIn(culprits)) {
    contents.add({ number, bytes: 0, problem: 'unreadable-media', fault });
  }
  return contents.take();
}
