import { bitLength, type PackedBits } from './bits.ts';
import { DamagedStream } from './damage.ts';

const SYNC = 0x564342;
const FAST_BITS = 10;
/** No encoder writes books of more numbers; a hostile file might. */
const MAX_VALUES = 2 ** 18;

/** Codewords, and the vectors that they stand for (Vorbis I, §3). */
export class Codebook {
  readonly dimensions: number;
  /** `dimensions` numbers for each entry; empty when the book has none. */
  readonly vectors: Float32Array;
  /** For the next {@link FAST_BITS} bits: entry × 32 + length of the codeword, or −1 when it is longer. */
  readonly #fast = new Int32Array(2 ** FAST_BITS).fill(-1);
  /** Two children for each node: another node, or −2 − entry; −1 for none. */
  readonly #tree: number[] = [-1, -1];

  constructor(bits: PackedBits) {
    if (bits.read(24) !== SYNC) throw new DamagedStream('a codebook is damaged');
    this.dimensions = bits.read(16);
    const entries = bits.read(24);
    if (this.dimensions === 0 || entries === 0 || entries * this.dimensions > MAX_VALUES) {
      throw new DamagedStream('a codebook is damaged');
    }
    this.#assignCodewords(readLengths(bits, entries));
    this.vectors = readVectors(bits, entries, this.dimensions);
  }

  /** The entry whose codeword comes next. */
  readEntry(bits: PackedBits): number {
    const fast = this.#fast[bits.peek(FAST_BITS)] ?? -1;
    if (fast >= 0) {
      bits.skip(fast & 31);
      return fast >> 5;
    }
    let node = 0;
    do {
      node = this.#tree[2 * node + bits.read(1)] ?? -1;
      if (node === -1) throw new DamagedStream('a codeword has no meaning');
    } while (node >= 0);
    return -2 - node;
  }

  /** Each entry in turn gets the lowest codeword of its length that is free (§3.2.1). */
  #assignCodewords(lengths: Uint8Array): void {
    const used = [...lengths.entries()].filter(([, length]) => length > 0);
    const [only] = used;
    if (used.length === 1 && only !== undefined) {
      this.#add(only[0], 0, only[1]);
      return;
    }
    /** The next free codeword of each length, left-aligned in 32 bits; 0 for none. */
    const free = new Float64Array(33);
    for (const [index, [entry, length]] of used.entries()) {
      if (index === 0) {
        this.#add(entry, 0, length);
        for (let bit = 1; bit <= length; bit++) free[bit] = 2 ** (32 - bit);
        continue;
      }
      let from = length;
      while (from > 0 && free[from] === 0) from--;
      if (from === 0) throw new DamagedStream('a codebook has too many codewords');
      const code = free[from] ?? 0;
      free[from] = 0;
      for (let bit = length; bit > from; bit--) free[bit] = code + 2 ** (32 - bit);
      this.#add(entry, code, length);
    }
  }

  #add(entry: number, code: number, length: number): void {
    let node = 0;
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) {
      const side = Math.floor(code / 2 ** (31 - bit)) % 2;
      if (bit < FAST_BITS) reversed |= side << bit;
      const slot = 2 * node + side;
      if (bit === length - 1) {
        this.#tree[slot] = -2 - entry;
      } else {
        if ((this.#tree[slot] ?? -1) < 0) this.#tree[slot] = this.#tree.push(-1, -1) / 2 - 1;
        node = this.#tree[slot] ?? 0;
      }
    }
    if (length > FAST_BITS) return;
    for (let rest = reversed; rest < 2 ** FAST_BITS; rest += 2 ** length) this.#fast[rest] = entry * 32 + length;
  }
}

/** Length of each entry's codeword; 0 for an entry that is not used. */
function readLengths(bits: PackedBits, entries: number): Uint8Array {
  const lengths = new Uint8Array(entries);
  if (!bits.flag()) {
    const sparse = bits.flag();
    for (let entry = 0; entry < entries; entry++) {
      if (!sparse || bits.flag()) lengths[entry] = bits.read(5) + 1;
    }
    return lengths;
  }
  let length = bits.read(5) + 1;
  for (let entry = 0; entry < entries; length++) {
    const count = bits.read(bitLength(entries - entry));
    if (entry + count > entries || length > 32) throw new DamagedStream('a codebook is damaged');
    lengths.fill(length, entry, entry + count);
    entry += count;
  }
  return lengths;
}

/** §3.2.1 and §3.3: scalars on a grid (type 1), or a list of vectors (type 2). */
function readVectors(bits: PackedBits, entries: number, dimensions: number): Float32Array {
  const type = bits.read(4);
  if (type === 0) return new Float32Array(0);
  if (type > 2) throw new DamagedStream('a codebook is of no known type');
  const minimum = unpackFloat(bits.read(32));
  const delta = unpackFloat(bits.read(32));
  const width = bits.read(4) + 1;
  const isSequence = bits.flag();
  const count = type === 1 ? gridSide(entries, dimensions) : entries * dimensions;
  const scalars = Float64Array.from({ length: count }, () => bits.read(width) * delta + minimum);
  const vectors = new Float32Array(entries * dimensions);
  for (let entry = 0; entry < entries; entry++) {
    let [last, rest] = [0, entry];
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const index = type === 1 ? rest % count : entry * dimensions + dimension;
      const value = (scalars[index] ?? 0) + last;
      vectors[entry * dimensions + dimension] = value;
      if (isSequence) last = value;
      rest = Math.floor(rest / count);
    }
  }
  return vectors;
}

/** The largest whole number whose power by `dimensions` does not exceed `entries` (§9.2.3). */
function gridSide(entries: number, dimensions: number): number {
  let side = Math.floor(entries ** (1 / dimensions));
  while ((side + 1) ** dimensions <= entries) side++;
  while (side ** dimensions > entries) side--;
  return side;
}

/** §9.2.2. */
function unpackFloat(packed: number): number {
  const mantissa = packed % 0x200000;
  const exponent = Math.floor(packed / 0x200000) % 0x400;
  return (packed >= 0x80000000 ? -mantissa : mantissa) * 2 ** (exponent - 788);
}
