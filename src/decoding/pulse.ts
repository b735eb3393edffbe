/**
 * What a thread tells while it reads, in memory that it shares with its owner: which reading of the batch it is at, and
 * a count that rises as long as it gets on.
 */
export class Pulse {
  readonly shared: SharedArrayBuffer;
  readonly #numbers: Int32Array;

  constructor(shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#numbers = new Int32Array(shared);
  }

  get at(): number {
    return Atomics.load(this.#numbers, 0);
  }

  get count(): number {
    return Atomics.load(this.#numbers, 1);
  }

  /** Goes to a reading; −1 is before the first. */
  moveTo(at: number): void {
    Atomics.store(this.#numbers, 0, at);
    this.beat();
  }

  beat(): void {
    Atomics.add(this.#numbers, 1, 1);
  }
}
