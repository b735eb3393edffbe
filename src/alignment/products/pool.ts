import { availableParallelism } from 'node:os';
import { CancelledError, throwIfCancelled } from '../../base/errors.ts';
import { programPath } from '../../base/programs.ts';
import type { Job } from '../../base/progress.ts';
import { ProductThread } from './thread.ts';
import { Units } from './units.ts';
import type { WorkInput, WorkName, WorkOutput } from './work.ts';

const TELL_MS = 200;

/** Where the products of an alignment are made: in a pool of threads, or (in tests) in this one. */
export interface Products {
  /**
   * Does `units` units of work; every thread takes one after the other and gives what it gathered. `stage` is what the
   * user reads meanwhile. Throws {@link CancelledError}, and `EnvironmentError` when a thread dies.
   */
  run<N extends WorkName>(
    name: N,
    input: WorkInput<N>,
    units: number,
    stage: string,
    job?: Job,
  ): Promise<WorkOutput<N>[]>;
}

/**
 * Threads, one a core, that multiply on WebAssembly. They start with the first work and end with {@link close}, which
 * their owner must call, or when work fails or is cancelled; the next work then starts new ones. One work at a time.
 */
export class ProductPool implements Products {
  readonly #size: number;
  readonly #script: string;
  #threads: ProductThread[] = [];

  constructor(size = availableParallelism(), script = programPath('products')) {
    this.#size = size;
    this.#script = script;
  }

  async run<N extends WorkName>(
    name: N,
    input: WorkInput<N>,
    total: number,
    stage: string,
    { progress, signal }: Job = {},
  ): Promise<WorkOutput<N>[]> {
    throwIfCancelled(signal);
    const units = new Units(total);
    const tell = (): void => progress?.({ stage, done: units.done, total });
    const telling = setInterval(tell, TELL_MS);
    const stop = (): void => void this.close();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      while (this.#threads.length < this.#size) this.#threads.push(this.#start());
      const outputs = await Promise.all(this.#threads.map((thread) => thread.run(name, input, units)));
      tell();
      return outputs;
    } catch (error) {
      await this.close();
      throw signal?.aborted ? new CancelledError() : error;
    } finally {
      clearInterval(telling);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Ends the threads, whatever they are doing; no thread is left when this resolves. */
  async close(): Promise<void> {
    const threads = this.#threads.splice(0);
    await Promise.all(threads.map((thread) => thread.close()));
  }

  #start(): ProductThread {
    return new ProductThread(this.#script);
  }
}

/** Gives a pool to some work and ends its threads after it. */
export async function withProducts<T>(work: (products: Products) => Promise<T>): Promise<T> {
  const pool = new ProductPool();
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}
