/** Thrown when bits are asked for that are not there; decoders turn it into a sentence. */
export class OutOfBits extends Error {}

/** Reads numbers of any width, the highest bit first. */
export class BitReader {
  readonly #bytes: Uint8Array;
  /** In bits. */
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whole bytes up to the position, the last of which may not be used up. */
  get bytePosition(): number {
    return Math.ceil(this.#position / 8);
  }

  alignToByte(): void {
    this.#position = this.bytePosition * 8;
  }

  /** An unsigned number of `width` bits, at most 32. */
  read(width: number): number {
    if (width > 24) return this.read(width - 16) * 0x10000 + this.read(16);
    if (width === 0) return 0;
    const value = this.#window() >>> (32 - width);
    this.#advance(width);
    return value;
  }

  /** A number of `width` bits in two's complement, at most 33. */
  readSigned(width: number): number {
    const high = this.read(1);
    return this.read(width - 1) - high * 2 ** (width - 1);
  }

  /** How many zeros stand before the next one. */
  readUnary(): number {
    let count = 0;
    for (;;) {
      const window = this.#window() & 0xffffff00;
      if (window !== 0) {
        const zeros = Math.clz32(window);
        this.#advance(zeros + 1);
        return count + zeros;
      }
      this.#advance(24);
      count += 24;
    }
  }

  /** The next 32 bits, of which at least the upper 25 are true. */
  #window(): number {
    const bytes = this.#bytes;
    const at = this.#position >>> 3;
    const word =
      ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    return word << (this.#position & 7);
  }

  #advance(bits: number): void {
    this.#position += bits;
    if (this.#position > this.#bytes.length * 8) throw new OutOfBits();
  }
}
