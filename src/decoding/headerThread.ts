import { Worker } from 'node:worker_threads';
import type { PackedRows } from '../base/packedRows.ts';
import { Pulse } from './pulse.ts';

/** Headers are small: what needs more memory than this is an attack on it. */
const HEAP_MEGABYTES = 512;
/** What a batch leaves behind is collected before it takes more than this. */
const YOUNG_MEGABYTES = 8;
const CHECK_MS = 500;

/** A thread that ended, or had to be ended, in the midst of a batch. */
export class ThreadLost extends Error {
  /** The reading of the batch that it was at; −1 when it had not begun. */
  readonly at: number;

  constructor(at: number, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.at = at;
  }
}

/** One worker thread that reads headers, batch after batch. */
export class HeaderThread {
  readonly #worker: Worker;
  readonly #pulse = new Pulse();
  readonly #stallMs: number;
  #ended: ThreadLost | undefined;
  #answer: ((contents: PackedRows) => void) | undefined;
  #fail: ((reason: ThreadLost) => void) | undefined;

  /**
   * @param script absolute path of the bundle that the thread runs
   * @param stallMs a thread that does not get on for so long hangs
   */
  constructor(script: string, stallMs: number) {
    this.#stallMs = stallMs;
    this.#worker = new Worker(script, {
      workerData: { pulse: this.#pulse.shared },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
      execArgv: [],
    });
    // Sent by our own code in this process, so it is not validated.
    this.#worker.on('message', (contents: PackedRows) => this.#answer?.(contents));
    this.#worker.on('error', (error) => this.#end(error.message, error));
    this.#worker.on('exit', () => this.#end('its thread ended'));
  }

  /**
   * One batch at a time, of readings in JSON without the brackets of the list; gives their contents. Throws
   * {@link ThreadLost}, and the thread is of no more use.
   */
  async read(readings: string): Promise<PackedRows> {
    if (this.#ended !== undefined) throw this.#ended;
    this.#pulse.moveTo(-1);
    const check = this.#watch();
    try {
      return await new Promise<PackedRows>((resolve, reject) => {
        this.#answer = resolve;
        this.#fail = reject;
        this.#worker.postMessage(readings);
      });
    } finally {
      clearInterval(check);
    }
  }

  /** Ends the thread, whatever it is doing; a batch under way is lost. */
  close(): void {
    this.#end('it was closed');
  }

  /** Ends the thread when its pulse has stood still for too long. */
  #watch(): NodeJS.Timeout {
    let [count, since] = [this.#pulse.count, performance.now()];
    return setInterval(() => {
      if (this.#pulse.count !== count) [count, since] = [this.#pulse.count, performance.now()];
      else if (performance.now() - since > this.#stallMs) this.#end(`no end in ${this.#stallMs / 1000} s`);
    }, CHECK_MS);
  }

  #end(reason: string, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = new ThreadLost(this.#pulse.at, reason, cause);
    this.#fail?.(this.#ended);
    // Not awaited: a thread that waits for a dead disk ends when the disk answers.
    void this.#worker.terminate();
    this.#worker.unref();
  }
}
