import { Worker } from 'node:worker_threads';
import { EnvironmentError } from '../../base/errors.ts';
import type { Units } from './units.ts';
import type { WorkInput, WorkName, WorkOutput } from './work.ts';

/** One worker thread that computes for its owner. */
export class ProductThread {
  readonly #worker: Worker;
  #ended: EnvironmentError | undefined;
  #fail: ((reason: EnvironmentError) => void) | undefined;

  /** @param script absolute path of the bundle that the thread runs */
  constructor(script: string) {
    this.#worker = new Worker(script, { execArgv: [] });
    this.#worker.on('error', (error) => this.#end(error.message, error));
    this.#worker.on('exit', () => this.#end('it was ended'));
  }

  /** One work at a time. Throws `EnvironmentError` when the thread ends first; it is then of no more use. */
  run<N extends WorkName>(name: N, input: WorkInput<N>, units: Units): Promise<WorkOutput<N>> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) return reject(this.#ended);
      this.#fail = reject;
      // Sent by our own code in this process, so it is not validated.
      this.#worker.once('message', (output: WorkOutput<N>) => resolve(output));
      this.#worker.postMessage({ name, input, total: units.total, units: units.shared });
    });
  }

  /** Resolves when the thread is gone. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(reason: string, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = new EnvironmentError(
      `A thread that computes the alignment stopped (${reason}). Run the command again; close other programs if memory is short.`,
      cause,
    );
    this.#fail?.(this.#ended);
  }
}
