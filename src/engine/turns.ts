/**
 * Lets jobs that write to the same place run one after the other, in the order in which they were asked for. Work in the
 * background gives way to whatever else is asked for.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  readonly #background = new Map<string, AbortController>();

  async take<R>(place: string, work: () => Promise<R>): Promise<R> {
    this.#background.get(place)?.abort();
    return await this.#queue(place, work);
  }

  /** Aborts the signal that the work gets as soon as anything else takes a turn, or when `signal` is aborted. */
  async takeInBackground<R>(
    place: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<R>,
  ): Promise<R> {
    const stop = new AbortController();
    this.#background.get(place)?.abort();
    this.#background.set(place, stop);
    const either = signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]);
    try {
      return await this.#queue(place, () => work(either));
    } finally {
      if (this.#background.get(place) === stop) this.#background.delete(place);
    }
  }

  async #queue<R>(place: string, work: () => Promise<R>): Promise<R> {
    const before = this.#last.get(place) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(place, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(place) === mine) this.#last.delete(place);
    }
  }
}
