/** Lets jobs that write to the same place run one after the other, in the order in which they were asked for. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<R>(place: string, work: () => Promise<R>): Promise<R> {
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
