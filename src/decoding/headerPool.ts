import { availableParallelism } from 'node:os';
import { ahead } from '../base/concurrency.ts';
import { CancelledError, EnvironmentError, throwIfCancelled } from '../base/errors.ts';
import { programPath } from '../base/programs.ts';
import type { Job } from '../base/progress.ts';
import type { NumberedContent, NumberedReading } from './contents.ts';
import { HeaderThread, ThreadLost } from './headerThread.ts';

/** More threads than this wait for the disk, not for a core. */
const MAX_THREADS = 8;
/** Large enough that messages cost little, small enough that a stop is quick. */
const BATCH = 1024;
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

/** Takes the contents of so many readings: {@link NumberedContent}s in JSON, separated by commas. */
export type OnBatch = (contents: string, count: number) => void | Promise<void>;

/** {@link NumberedReading}s in JSON. */
type Batch = readonly string[];

/**
 * The header pass: reads the first bytes of every item (all of a small one) in worker threads, one a core, and hands the
 * contents over batch by batch, in any order of batches. What cannot be read is a content with a problem; a reading that
 * hangs or kills its thread is tried once more by itself and then is such a content. Readings of one archive should
 * follow each other: the archive is then opened once. Each reading is a {@link NumberedReading} in JSON: the database
 * writes them and reads the contents, and nothing of them becomes an object in this thread. Throws {@link CancelledError},
 * and what `onBatch` throws; no thread is left in any case.
 */
export async function readHeaders(
  readings: AsyncIterable<readonly string[]>,
  onBatch: OnBatch,
  { signal }: Job = {},
  program: ThreadProgram = { script: programPath('headers'), stallMs: STALL_MS },
): Promise<void> {
  const batches = ahead(batchesOf(readings), FETCHED_AHEAD);
  const lanes = Array.from({ length: Math.min(MAX_THREADS, availableParallelism()) }, () => new Lane(program));
  const close = (): void => {
    for (const lane of lanes) lane.close();
  };
  signal?.addEventListener('abort', close, { once: true });
  try {
    throwIfCancelled(signal);
    await allOrFirstFailure(
      lanes.map((lane) => lane.work(batches, onBatch)),
      close,
    );
  } finally {
    signal?.removeEventListener('abort', close);
    close();
  }
}

async function* batchesOf(readings: AsyncIterable<readonly string[]>): AsyncGenerator<Batch, undefined> {
  for await (const some of readings) {
    for (let start = 0; start < some.length; start += BATCH) yield some.slice(start, start + BATCH);
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
  async work(batches: AsyncGenerator<Batch, undefined>, onBatch: OnBatch): Promise<void> {
    const delivering: Promise<void>[] = [];
    const next = async (): Promise<Batch | undefined> => (await batches.next()).value;
    for (let batch = await next(); batch !== undefined; batch = await next()) {
      const delivered = deliver(onBatch, await this.#read(batch), batch.length);
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
  async #read(readings: Batch): Promise<string> {
    const contents: string[] = [];
    let [done, suspect] = [0, -1];
    while (done < readings.length) {
      const end = suspect < done ? readings.length : Math.max(suspect, done + 1);
      try {
        contents.push(await this.#attempt(readings.slice(done, end)));
        done = end;
      } catch (error) {
        if (!(error instanceof ThreadLost)) throw error;
        if (suspect === done) contents.push(contentOf(readings[done++] ?? '', error));
        else suspect = done + error.at;
      }
    }
    return contents.join();
  }

  async #attempt(readings: Batch): Promise<string> {
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

async function deliver(onBatch: OnBatch, contents: string, count: number): Promise<void> {
  await onBatch(contents, count);
}

function contentOf(reading: string, { message }: ThreadLost): string {
  const { number }: NumberedReading = JSON.parse(reading);
  const fault = `made its reader stop (${message}): replace or delete it.`;
  const content: NumberedContent = { number, bytes: 0, problem: 'unreadable-media', fault };
  return JSON.stringify(content);
}
