import { decompressZstd } from 'hyparquet-compressors';
import type { ArrowBatch } from './arrow.ts';
import type { ArrowColumn } from './arrowSchema.ts';
import { NotRead } from './containerError.ts';
import { checkGrowth } from './inflating.ts';
import type { RegularFile } from './source.ts';

/** A text, a number, a truth value, for bytes how many there are, or a list of these; `undefined` for NULL. */
export type ArrowValue = string | number | boolean | readonly ArrowValue[] | undefined;

/** What was inflated last: the buffers of one batch, by their places. */
export class Inflated {
  #batch: ArrowBatch | undefined;
  #buffers = new Map<number, Buffer>();

  bufferOf(batch: ArrowBatch, begin: number, inflate: () => Buffer): Buffer {
    if (this.#batch !== batch) this.#buffers = new Map();
    this.#batch = batch;
    const buffer = this.#buffers.get(begin) ?? inflate();
    this.#buffers.set(begin, buffer);
    return buffer;
  }
}

/**
 * Reads columns of the batches of an Arrow file. A route leads from a column through structs and lists down to the field
 * that holds values. https://arrow.apache.org/docs/format/Columnar.html#physical-memory-layout
 */
export class ArrowReader {
  readonly #file: RegularFile;
  readonly #inflated: Inflated;
  /** The values of the parts of dictionaries. */
  readonly #words = new Map<ArrowBatch, readonly ArrowValue[]>();

  constructor(file: RegularFile, inflated: Inflated) {
    this.#file = file;
    this.#inflated = inflated;
  }

  /** The values [from, from + count) of a column of a batch. */
  values(batch: ArrowBatch, route: readonly ArrowColumn[], from: number, count: number): ArrowValue[] {
    const [column, ...below] = route;
    if (column === undefined || count === 0) return [];
    const values = this.#storedValues(batch, column, below, from, count);
    const isPresent = this.#presence(batch, column, from, count);
    return values.map((value, index) => (isPresent(index) ? value : undefined));
  }

  /** The bytes of a value, in lists of their element number `element`. */
  bytesAt(batch: ArrowBatch, route: readonly ArrowColumn[], row: number, element?: number): Buffer | undefined {
    let at = row;
    for (const column of route) {
      if (!this.#presence(batch, column, at, 1)(0)) return undefined;
      if (column.kind === 'list') {
        const [begin = 0, end = 0] = this.#offsets(batch, column, at, 1);
        if (element === undefined || element >= end - begin) return undefined;
        at = begin + element;
      }
      if (column.kind === 'struct' || column.kind === 'list') continue;
      if (column.dictionary !== undefined) return this.#wordAt(batch, column, at);
      if (!hasOffsets(column)) throw new Error(`its column ${column.name} holds no bytes`);
      const [begin = 0, end = 0] = this.#offsets(batch, column, at, 1);
      return this.#read(batch, column.buffer + 2, begin, end - begin);
    }
    return undefined;
  }

  #storedValues(
    batch: ArrowBatch,
    column: ArrowColumn,
    below: readonly ArrowColumn[],
    from: number,
    count: number,
  ): ArrowValue[] {
    if (column.kind === 'struct') return this.values(batch, below, from, count);
    if (column.dictionary !== undefined) {
      const words = this.#wordsOf(batch, column);
      return this.#numbers(batch, column, from, count).map((number) => words[number]);
    }
    if (column.kind === 'boolean') {
      const bits = this.#bits(batch, column.buffer + 1, from, count);
      return Array.from({ length: count }, (_, index) => bits(index));
    }
    if (column.kind === 'integer' || column.kind === 'float') return this.#numbers(batch, column, from, count);
    if (column.kind === 'other') throw new NotRead(`its column ${column.name} holds neither bytes, texts nor numbers`);
    if (column.listLength !== undefined) return this.#fixedLists(batch, column.listLength, below, from, count);
    const offsets = this.#offsets(batch, column, from, count);
    const [first = 0, last = 0] = [offsets[0], offsets[count]];
    const parts = offsets.slice(0, count).map((begin, index): [number, number] => [begin, offsets[index + 1] ?? begin]);
    if (column.kind === 'bytes') return parts.map(([begin, end]) => end - begin);
    if (column.kind === 'list') {
      const elements = this.values(batch, below, first, last - first);
      return parts.map(([begin, end]) => elements.slice(begin - first, end - first));
    }
    // Texts are short, so those of all rows are read at once.
    const bytes = this.#read(batch, column.buffer + 2, first, last - first);
    return parts.map(([begin, end]) => bytes.toString('utf8', begin - first, end - first));
  }

  #fixedLists(
    batch: ArrowBatch,
    length: number,
    below: readonly ArrowColumn[],
    from: number,
    count: number,
  ): ArrowValue[] {
    const elements = this.values(batch, below, from * length, count * length);
    if (elements.length < count * length) throw new RangeError('a batch has fewer values than it says');
    return Array.from({ length: count }, (_, index) => elements.slice(index * length, (index + 1) * length));
  }

  /** Where the values [from, from + count) begin, and where the last one ends. */
  #offsets(batch: ArrowBatch, column: ArrowColumn, from: number, count: number): number[] {
    const { listLength } = column;
    if (listLength !== undefined) return Array.from({ length: count + 1 }, (_, index) => (from + index) * listLength);
    const offsets = this.#numbers(batch, column, from, count + 1);
    const doGrow = offsets.every((offset, index) => offset >= (offsets[index - 1] ?? 0));
    if (!doGrow) throw new RangeError('its offsets do not grow');
    return offsets;
  }

  /** Whole numbers beyond 2⁵³ are rounded. */
  #numbers(batch: ArrowBatch, { buffer, kind, bits, signed, dictionary }: ArrowColumn, from: number, count: number) {
    const width = bits / 8;
    const bytes = this.#read(batch, buffer + 1, from * width, count * width);
    const isFloat = kind === 'float' && dictionary === undefined;
    return Array.from({ length: count }, (_, index): number => {
      const at = index * width;
      if (isFloat) return bits === 32 ? bytes.readFloatLE(at) : bytes.readDoubleLE(at);
      if (bits === 64) return Number(signed ? bytes.readBigInt64LE(at) : bytes.readBigUInt64LE(at));
      return signed ? bytes.readIntLE(at, width) : bytes.readUIntLE(at, width);
    });
  }

  #wordsOf(batch: ArrowBatch, { dictionary }: ArrowColumn): readonly ArrowValue[] {
    const words = (batch.dictionaries.get(dictionary?.id ?? 0) ?? []).map((part) => {
      const known = this.#words.get(part) ?? this.values(part, dictionary ? [dictionary.values] : [], 0, part.rows);
      this.#words.set(part, known);
      return known;
    });
    return words.length === 1 ? (words[0] ?? []) : words.flat();
  }

  #wordAt(batch: ArrowBatch, column: ArrowColumn, row: number): Buffer | undefined {
    const { id, values } = column.dictionary ?? {};
    const [number = 0] = this.#numbers(batch, column, row, 1);
    const part = batch.dictionaries.get(id ?? 0)?.find(({ firstRow, rows }) => number < firstRow + rows);
    if (part === undefined || values === undefined) throw new RangeError('a dictionary has fewer values than it says');
    return this.bytesAt(part, [values], number - part.firstRow);
  }

  /** Which of the values [from, from + count) are not NULL. */
  #presence(batch: ArrowBatch, { node, buffer }: ArrowColumn, from: number, count: number) {
    const [rows, nulls] = batch.nodes[node] ?? [0, 0];
    if (from + count > rows) throw new RangeError('a batch has fewer values than it says');
    return nulls === 0 ? () => true : this.#bits(batch, buffer, from, count);
  }

  #bits(batch: ArrowBatch, buffer: number, from: number, count: number): (index: number) => boolean {
    const begin = Math.floor(from / 8);
    const bytes = this.#read(batch, buffer, begin, Math.ceil((from + count) / 8) - begin);
    return (index) => {
      const bit = (from % 8) + index;
      return (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1;
    };
  }

  /** Bytes of a buffer of the batch: all of them, or it is an error. */
  #read(batch: ArrowBatch, buffer: number, from: number, length: number): Buffer {
    const [begin, size] = batch.buffers[buffer] ?? [0, 0];
    if (from < 0 || length < 0) throw new RangeError('a buffer of a batch is too short');
    if (batch.codec === 'none') {
      if (from + length > size) throw new RangeError('a buffer of a batch is too short');
      return this.#file.readNow(begin + from, length);
    }
    const whole = this.#inflated.bufferOf(batch, begin, () => inflate(this.#file.readNow(begin, size), batch.codec));
    if (from + length > whole.length) throw new RangeError('a buffer of a batch is too short');
    return whole.subarray(from, from + length);
  }
}

function hasOffsets({ kind }: ArrowColumn): boolean {
  return kind === 'bytes' || kind === 'text' || kind === 'list';
}

/** A buffer with its inflated size before it; -1 says that it is not compressed. */
function inflate(packed: Buffer, codec: ArrowBatch['codec']): Buffer {
  if (packed.length === 0) return packed;
  const size = Number(packed.readBigInt64LE(0));
  const rest = packed.subarray(8);
  if (size === -1) return rest;
  if (codec !== 'zstd') throw new NotRead('its batches are compressed by LZ4');
  checkGrowth(rest.length, size);
  const bytes = decompressZstd(rest, new Uint8Array(size));
  if (bytes.length !== size) throw new RangeError('a buffer is shorter than it says');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
