import { availableParallelism } from 'node:os';
import { CancelledError, EnvironmentError } from '../base/errors.ts';
import type { Location } from '../container/location.ts';
import type { Sound } from '../modality/audio/recording.ts';
import type { Features } from '../modality/features.ts';
import type { Pixels } from '../modality/image/picture.ts';
import { type Content, errorOf, faultOf, type Reading } from './contents.ts';
import { type Assignment, DecoderProcess, type Ending } from './decoderProcess.ts';
import { type Task, VALUES } from './tasks.ts';

/** No item that can be decoded at all takes so long. */
const LIMIT_SECONDS = 60;
/** A process has one task to work on and one more, so that it does not wait while an answer is on its way. */
const TASKS_EACH = 2;
/** An item that a process died at is tried once more: the death may have had another cause. */
const MAX_DEATHS = 2;
/** So many processes that end before their first task mean that no decoder can run here. */
const MAX_FAILED_STARTS = 3;

export interface DecoderOptions {
  /** How many run at once; one a core by default. */
  readonly processes?: number;
  /** The longest time that one item may take; 60 by default. */
  readonly limitSeconds?: number;
  /** They give way to everything else on the machine. */
  readonly lowPriority?: boolean;
  /** Closes the pool. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes media in processes of their own, which may die of an item, hang, or take too much memory without harm to this
 * one. They start when there is something to decode and end when there has been nothing for a few seconds. Every method
 * rejects with a `MediaError` or a `ContainerError` that names the item and its problem when the item cannot be decoded,
 * with {@link CancelledError} when the pool is closed, and with {@link EnvironmentError} when no decoder can run.
 */
export class DecoderPool {
  /** So many items at once keep all processes busy. */
  readonly concurrency: number;
  readonly #limitSeconds: number;
  readonly #lowPriority: boolean;
  readonly #most: number;
  readonly #processes = new Set<DecoderProcess>();
  readonly #queue: Assignment[] = [];
  #failedStarts = 0;
  #closed = false;

  constructor({
    processes = availableParallelism(),
    limitSeconds = LIMIT_SECONDS,
    lowPriority = false,
    signal,
  }: DecoderOptions = {}) {
    this.#most = processes;
    this.#limitSeconds = limitSeconds;
    this.#lowPriority = lowPriority;
    this.concurrency = processes * TASKS_EACH;
    if (signal?.aborted) this.#closed = true;
    else signal?.addEventListener('abort', () => void this.close(), { once: true });
  }

  /** `size`×`size`×3 bytes of RGB, row-major. */
  async image(location: Location, size: number): Promise<Uint8Array> {
    const value = await this.#run({ kind: 'image', location, size });
    // A copy of its own: what arrived is a view on the whole message.
    return VALUES.image.parse(value).slice();
  }

  /** A picture in its own proportions, of at most so many pixels. */
  async picture(location: Location, pixels: number): Promise<Pixels> {
    return VALUES.picture.parse(await this.#run({ kind: 'picture', location, pixels }));
  }

  async sound(location: Location): Promise<Sound> {
    return VALUES.sound.parse(await this.#run({ kind: 'sound', location }));
  }

  /** Lowest and highest sample of each of `parts` equal parts of a sound, in [−1, 1], in time order. */
  async waveform(location: Location, parts: number): Promise<[number, number][]> {
    return VALUES.waveform.parse(await this.#run({ kind: 'waveform', location, parts }));
  }

  async text(location: Location): Promise<string> {
    return VALUES.text.parse(await this.#run({ kind: 'text', location }));
  }

  /** The bytes of an item as they are; too large when they are more than `limit`. */
  async bytes(location: Location, limit: number): Promise<Uint8Array> {
    return VALUES.bytes.parse(await this.#run({ kind: 'bytes', location, limit }));
  }

  /** Decodes all of an item. One that cannot be decoded is a content with a problem, never an exception. */
  async features({ modality, location }: Reading): Promise<Content> {
    try {
      return VALUES.features.parse(await this.#run({ kind: 'features', location, modality }));
    } catch (error) {
      return { bytes: 0, header: {}, ...faultOf(error) };
    }
  }

  /** Describes texts that are at hand; `table` names the file that they stand in. */
  async textFeatures(texts: readonly string[], table: Location): Promise<Features[]> {
    return VALUES.textFeatures.parse(await this.#run({ kind: 'textFeatures', location: table, texts: [...texts] }));
  }

  /** Ends all processes; what is not decoded yet is rejected as cancelled. None is left when this resolves. */
  async close(): Promise<void> {
    this.#closed = true;
    rejectAll(this.#queue.splice(0), new CancelledError());
    for (const decoder of this.#processes) decoder.kill();
    await Promise.all([...this.#processes].map(({ ended }) => ended));
  }

  async #run(task: Task): Promise<unknown> {
    if (this.#closed) throw new CancelledError();
    return await new Promise((resolve, reject) => {
      this.#queue.push({ task, resolve, reject, deaths: 0 });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    try {
      for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
        const decoder = this.#leastLoaded();
        if (decoder === undefined) return;
        this.#queue.shift();
        decoder.give(next);
      }
    } catch (error) {
      rejectAll(this.#queue.splice(0), error);
    }
  }

  /** A process without a task, else a new one, else one that can take another task. */
  #leastLoaded(): DecoderProcess | undefined {
    const open = [...this.#processes].filter(({ isOpen, load }) => isOpen && load < TASKS_EACH);
    const least = open.toSorted((a, b) => a.load - b.load)[0];
    if (least?.load === 0 || this.#processes.size >= this.#most) return least;
    return this.#start();
  }

  #start(): DecoderProcess {
    const decoder = new DecoderProcess(this.#limitSeconds, this.#lowPriority, () => this.#dispatch());
    this.#processes.add(decoder);
    void decoder.ended.then((ending) => {
      this.#processes.delete(decoder);
      this.#recover(ending);
    });
    return decoder;
  }

  /** Gives the tasks of a process that ended to others, except the one that it ended at for the last time. */
  #recover({ started, assignments, fault, isFinal, words }: Ending): void {
    if (this.#closed) {
      rejectAll(assignments, new CancelledError());
      return;
    }
    const [suspect] = assignments;
    const isCulprit = started && suspect !== undefined && (++suspect.deaths >= MAX_DEATHS || isFinal);
    if (isCulprit) suspect.reject(errorOf(fault, suspect.task.location));
    this.#queue.unshift(...assignments.slice(isCulprit ? 1 : 0));
    this.#failedStarts = started ? 0 : this.#failedStarts + 1;
    if (this.#failedStarts < MAX_FAILED_STARTS) {
      this.#dispatch();
      return;
    }
    this.#failedStarts = 0;
    const refusal = new EnvironmentError(`A process that decodes media could not be started: ${words.trim()}`);
    rejectAll(this.#queue.splice(0), refusal);
  }
}

function rejectAll(assignments: readonly Assignment[], error: unknown): void {
  for (const { reject } of assignments) reject(error);
}
