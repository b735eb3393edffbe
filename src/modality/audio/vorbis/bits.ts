import { OutOfBits } from '../bitReader.ts';

/** Reads numbers as Vorbis packs them: the lowest bit first (Vorbis I, §2). Throws `OutOfBits` at the end of a packet. */
export class PackedBits {
  readonly #bytes: Uint8Array;
  /** In bits. */
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** An unsigned number of `width` bits, at most 32. */
  read(width: number): number {
    if (width > 24) return this.read(16) + this.read(width - 16) * 0x10000;
    const value = this.peek(width);
    this.skip(width);
    return value;
  }

  flag(): boolean {
    return this.read(1) === 1;
  }

  /** The next bits, at most 24, which stay to be read; zeros behind the end. */
  peek(width: number): number {
    const bytes = this.#bytes;
    const at = this.#position >>> 3;
    const word =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    return (word >>> (this.#position & 7)) & (2 ** width - 1);
  }

  skip(width: number): void {
    this.#position += width;
    if (this.#position > this.#bytes.length * 8) throw new OutOfBits();
  }
}

/** Bits that are needed to write a number (Vorbis I, §9.2.1). */
export function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}
