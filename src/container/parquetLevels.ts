/** The largest levels of a column: how often its path may be absent, and how many lists it lies in. */
export interface Levels {
  readonly definition: number;
  readonly repetition: number;
}

/** Where a data page of version 2 says how long its levels are, in bytes. */
interface LevelLengths {
  readonly repetition_levels_byte_length: number;
  readonly definition_levels_byte_length: number;
}

/**
 * The levels at the start of a data page, and what follows them: the repetition levels of a column in lists, then the
 * definition levels of one that may be NULL. In a page of version 1, each has its length before it.
 */
export function readLevels(
  bytes: Buffer,
  levels: Levels,
  count: number,
  lengths: LevelLengths | undefined,
): { repetitions: Uint32Array; definitions: Uint32Array; rest: Buffer } {
  let rest = bytes;
  const take = (largest: number, known: number | undefined): Uint32Array => {
    if (largest === 0 && !known) return new Uint32Array();
    const begin = known === undefined ? 4 : 0;
    const end = begin + (known ?? rest.readUInt32LE(0));
    if (end > rest.length) throw new RangeError('the levels of a page end behind it');
    const part = rest.subarray(begin, end);
    rest = rest.subarray(end);
    return largest === 0 ? new Uint32Array() : readNumbers(part, 32 - Math.clz32(largest), count);
  };
  const repetitions = take(levels.repetition, lengths?.repetition_levels_byte_length);
  const definitions = take(levels.definition, lengths?.definition_levels_byte_length);
  return { repetitions, definitions, rest };
}

/**
 * `count` whole numbers of `width` bits in the hybrid of runs and bit-packed groups of eight.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
export function readNumbers(bytes: Buffer, width: number, count: number): Uint32Array {
  if (width > 32) throw new RangeError(`numbers of ${width} bits are impossible`);
  const numbers = new Uint32Array(count);
  let done = 0;
  for (let at = 0; done < count; ) {
    const { value: header, next } = readVarint(bytes, at);
    const size = Math.floor(header / 2);
    if (header % 2 === 0) {
      const length = Math.ceil(width / 8);
      const value = length === 0 ? 0 : bytes.readUIntLE(next, length);
      numbers.fill(value, done, done + size);
      done += size;
      at = next + length;
    } else {
      done = unpack(bytes, next, width, numbers, done, Math.min(count, done + 8 * size));
      at = next + size * width;
    }
    if (size === 0) throw new RangeError('a run of no numbers is impossible');
  }
  return numbers;
}

/** Numbers of `width` bits, the lowest bit first; returns where they end in `numbers`. */
function unpack(bytes: Buffer, at: number, width: number, numbers: Uint32Array, from: number, to: number): number {
  if (at + Math.ceil(((to - from) * width) / 8) > bytes.length)
    throw new RangeError('a run of numbers ends behind its page');
  for (let index = from, bit = 8 * at; index < to; index++, bit += width) numbers[index] = bitsAt(bytes, bit, width);
  return to;
}

/** A number of up to 32 bits that begins at a bit, its lowest bit first. */
export function bitsAt(bytes: Buffer, bit: number, width: number): number {
  let value = 0;
  for (let taken = 0; taken < width; ) {
    const offset = (bit + taken) & 7;
    const bits = Math.min(8 - offset, width - taken);
    // Places of bits do not fit into 32 bits themselves in pages of more than 256 MiB.
    value += (((bytes[Math.floor((bit + taken) / 8)] ?? 0) >> offset) & ((1 << bits) - 1)) * 2 ** taken;
    taken += bits;
  }
  return value;
}

export function readVarint(bytes: Buffer, from: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes.readUInt8(from + index);
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: from + index + 1 };
  }
  throw new RangeError('a length is impossible');
}
