/** Units of work, numbered from 0, that threads take from memory that they share: each is taken once, in order. */
export class Units {
  readonly shared: SharedArrayBuffer;
  readonly #taken: Int32Array;
  readonly #total: number;

  constructor(total: number, shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#taken = new Int32Array(shared);
    this.#total = total;
  }

  get done(): number {
    return Atomics.load(this.#taken, 1);
  }

  get total(): number {
    return this.#total;
  }

  /** Takes one unit after the other until none is left. */
  *[Symbol.iterator](): Generator<number> {
    for (let unit = this.#take(); unit < this.#total; unit = this.#take()) {
      yield unit;
      Atomics.add(this.#taken, 1, 1);
    }
  }

  #take(): number {
    return Atomics.add(this.#taken, 0, 1);
  }
}
