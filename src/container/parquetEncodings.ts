import { NotRead } from './containerError.ts';
import { bitsAt, readVarint } from './parquetLevels.ts';

/*
 * Every encoding is turned into `PLAIN`: numbers one after the other, and bytes with their length before them.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */

/** Values that take more than this as `PLAIN`, the bytes that the page inflates to included, are not read: 1 GiB. */
const MAX_BYTES = 1024 * 1024 * 1024;

/**
 * @param bytes the values of a data page
 * @param type of the column: `INT32`, `BYTE_ARRAY`, …
 * @param count how many values there are
 */
export function toPlain(bytes: Buffer, encoding: string | undefined, type: string, count: number): Buffer {
  if (encoding === 'PLAIN' || count === 0) return bytes;
  if (encoding === 'BYTE_STREAM_SPLIT') return joinStreams(bytes, count);
  if (encoding === 'DELTA_BINARY_PACKED') return numbersOf(readDeltas(bytes, 0, count).values, type);
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') return lengthsFirst(bytes, count);
  if (encoding === 'DELTA_BYTE_ARRAY') return prefixesFirst(bytes, count);
  throw new NotRead(`values are encoded as ${encoding}`);
}

/** The first bytes of all numbers, then the second ones, and so on. */
function joinStreams(bytes: Buffer, count: number): Buffer {
  const width = bytes.length / count;
  if (width < 1 || !Number.isInteger(width)) throw new RangeError('a page has fewer values than it says');
  const plain = Buffer.alloc(bytes.length);
  for (let byte = 0; byte < width; byte++) {
    for (let index = 0; index < count; index++) plain[index * width + byte] = bytes[byte * count + index] ?? 0;
  }
  return plain;
}

function numbersOf(values: BigInt64Array, type: string): Buffer {
  const width = type === 'INT32' ? 4 : 8;
  const plain = Buffer.alloc(values.length * width);
  for (const [index, value] of values.entries()) {
    if (width === 4) plain.writeInt32LE(Number(BigInt.asIntN(32, value)), index * width);
    else plain.writeBigInt64LE(value, index * width);
  }
  return plain;
}

/** All lengths, then all bytes. */
function lengthsFirst(bytes: Buffer, count: number): Buffer {
  const { values, next } = readDeltas(bytes, 0, count);
  const lengths = lengthsOf(values, bytes.length - next);
  const plain = Buffer.allocUnsafe(4 * count + bytes.length - next);
  let [from, to] = [next, 0];
  for (const length of lengths) {
    to = plain.writeUInt32LE(length, to);
    to += bytes.copy(plain, to, from, from + length);
    from += length;
  }
  return plain.subarray(0, to);
}

/** For each value how many bytes it shares with the value before it, then the rest of each as above. */
function prefixesFirst(bytes: Buffer, count: number): Buffer {
  const { values, next } = readDeltas(bytes, 0, count);
  const prefixes = lengthsOf(values, MAX_BYTES);
  const rest = lengthsFirst(bytes.subarray(next), count);
  const size = rest.length + prefixes.reduce((sum, prefix) => sum + prefix, 0);
  if (size > MAX_BYTES) throw new RangeError('the values of a page have more than 1 GiB');
  const plain = Buffer.allocUnsafe(size);
  let [from, to, previous, previousLength] = [0, 0, 0, 0];
  for (const prefix of prefixes) {
    const suffix = rest.readUInt32LE(from);
    if (prefix > previousLength) throw new RangeError('a value shares more bytes than the one before it has');
    const begin = plain.writeUInt32LE(prefix + suffix, to);
    plain.copy(plain, begin, previous, previous + prefix);
    rest.copy(plain, begin + prefix, from + 4, from + 4 + suffix);
    [previous, previousLength] = [begin, prefix + suffix];
    from += 4 + suffix;
    to = begin + previousLength;
  }
  return plain;
}

function lengthsOf(values: BigInt64Array, most: number): number[] {
  const lengths = Array.from(values, Number);
  let sum = 0;
  for (const length of lengths) {
    sum += length;
    if (length < 0 || sum > most) throw new RangeError('the values of a page end behind it');
  }
  return lengths;
}

/**
 * Whole numbers by their differences, in blocks of miniblocks; what does not fit into 64 bits wraps. hyparquet's decoder
 * of them never ends on some bytes.
 *
 * @returns `next`: where they end in `bytes`
 */
function readDeltas(bytes: Buffer, from: number, count: number): { values: BigInt64Array; next: number } {
  const block = readVarint(bytes, from);
  const parts = readVarint(bytes, block.next);
  const total = readVarint(bytes, parts.next);
  const first = readSigned(bytes, total.next);
  const size = block.value / parts.value;
  const isSensible = Number.isInteger(size) && size > 0 && size % 8 === 0 && total.value === count;
  if (!isSensible) throw new RangeError('the differences in a page have no sense');
  const values = new BigInt64Array(count);
  values[0] = first.value;
  let at = first.next;
  for (let done = 1; done < count; ) {
    const least = readSigned(bytes, at);
    const widths = bytes.subarray(least.next, least.next + parts.value);
    if (widths.length < parts.value) throw new RangeError('the differences of a page end behind it');
    at = least.next + widths.length;
    for (const width of widths) {
      if (done === count) break;
      const end = at + (size * width) / 8;
      if (width > 64 || end > bytes.length) throw new RangeError('the differences of a page end behind it');
      for (let bit = 8 * at, until = Math.min(count, done + size); done < until; bit += width) {
        values[done] = (values[done - 1] ?? 0n) + least.value + longBitsAt(bytes, bit, width);
        done++;
      }
      at = end;
    }
  }
  return { values, next: at };
}

/** A number of up to 64 bits. */
function longBitsAt(bytes: Buffer, bit: number, width: number): bigint {
  if (width <= 32) return BigInt(bitsAt(bytes, bit, width));
  return (BigInt(bitsAt(bytes, bit + 32, width - 32)) << 32n) | BigInt(bitsAt(bytes, bit, 32));
}

/** A number of 64 bits, the sign in the lowest one, seven bits a byte. */
function readSigned(bytes: Buffer, from: number): { value: bigint; next: number } {
  let value = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = bytes.readUInt8(from + index);
    value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: (value >> 1n) ^ -(value & 1n), next: from + index + 1 };
  }
  throw new RangeError('a number is impossible');
}
