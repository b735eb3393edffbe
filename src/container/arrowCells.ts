import { breathe } from '../base/concurrency.ts';
import { type ArrowBatch, type ArrowColumn, type ArrowTable, openArrow } from './arrow.ts';
import { ContainerError, decoding } from './containerError.ts';
import { RegularFile } from './source.ts';

/** A text, a number, or for bytes how many there are; `undefined` for NULL. */
export type ArrowValue = string | number | undefined;

export interface ArrowRows {
  /** Zero-based row of the first value of each column. */
  readonly firstRow: number;
  readonly rows: number;
  /** By the name of the column, with dots between struct fields. */
  readonly values: ReadonlyMap<string, readonly ArrowValue[]>;
}

const MAX_OPEN = 4;
const tables = new Map<string, ArrowTable>();

/**
 * The bytes in one cell: of a column of bytes or texts, or of the field `bytes` of a struct, as Hugging Face stores
 * media. Only these bytes, two offsets and a bit are read. `undefined` for NULL. Throws {@link ContainerError}.
 *
 * @param row zero-based
 */
export async function readArrowCell(path: string, row: number, column: string): Promise<Buffer | undefined> {
  const file = new RegularFile(path);
  try {
    const table = await openTable(file);
    return await decoding(path, () => {
      const batch = table.batches.find(({ firstRow, rows }) => row < firstRow + rows);
      const leaf = findLeaf(table.columns, column.split('.'));
      if (batch === undefined || leaf === undefined) {
        throw new ContainerError('unreadable-media', path, `has no row ${row + 1} of ${column}: index again.`);
      }
      return new Cells(file, batch, leaf, row - batch.firstRow, 1).bytesAt(0);
    });
  } finally {
    file.close();
  }
}

/**
 * The values of some columns, batch by batch; of bytes only their sizes are read. Columns that are neither texts, numbers
 * nor bytes have no values. Throws {@link ContainerError}.
 *
 * @param columns with dots between struct fields
 */
export async function* readArrowRows(
  table: ArrowTable,
  columns: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<ArrowRows> {
  const file = new RegularFile(table.path);
  try {
    for (const batch of table.batches) {
      await breathe(signal);
      yield await decoding(table.path, () => readBatch(file, table, batch, columns));
    }
  } finally {
    file.close();
  }
}

async function openTable(file: RegularFile): Promise<ArrowTable> {
  const known = tables.get(file.path);
  tables.delete(file.path);
  const table = known?.changed === file.changed ? known : await openArrow(file.path);
  tables.set(file.path, table);
  for (const path of tables.keys()) {
    if (tables.size <= MAX_OPEN) break;
    tables.delete(path);
  }
  return table;
}

function readBatch(file: RegularFile, table: ArrowTable, batch: ArrowBatch, columns: readonly string[]): ArrowRows {
  const { firstRow, rows } = batch;
  const values = columns.map((column): [string, ArrowValue[]] => {
    const leaf = findLeaf(table.columns, column.split('.'));
    if (leaf === undefined) throw new Error(`it has no column ${column}`);
    const cells = new Cells(file, batch, leaf, 0, rows);
    return [column, Array.from({ length: rows }, (_, row) => cells.valueAt(row))];
  });
  return { firstRow, rows, values: new Map(values) };
}

/** From the column down to the field that holds values; of a struct it is the field `bytes`. */
function findLeaf(columns: readonly ArrowColumn[], path: readonly string[]): ArrowColumn[] | undefined {
  const column = columns.find(({ name }) => name === path[0]);
  if (column === undefined) return undefined;
  if (column.kind !== 'struct') return path.length === 1 ? [column] : undefined;
  const below = findLeaf(column.fields, path.length === 1 ? ['bytes'] : path.slice(1));
  return below && [column, ...below];
}

/** Some rows of a column in one batch. Rows count from the first of them. */
class Cells {
  readonly #file: RegularFile;
  readonly #batch: ArrowBatch;
  readonly #from: number;
  readonly #count: number;
  readonly #leaf: ArrowColumn;
  /** A bit for each row, of the column and of each struct that it lies in; absent where nothing is NULL. */
  readonly #present: readonly Buffer[];
  /** The numbers; of bytes and texts the offsets of their values, and of the last one's end. */
  readonly #numbers: Buffer;
  #text: { readonly from: number; readonly bytes: Buffer } | undefined;

  constructor(file: RegularFile, batch: ArrowBatch, path: readonly ArrowColumn[], from: number, count: number) {
    const leaf = path.at(-1);
    if (leaf === undefined || !['bytes', 'text', 'integer', 'float'].includes(leaf.kind)) {
      throw new Error(`its column ${leaf?.name} holds neither bytes, texts nor numbers`);
    }
    if (batch.isCompressed) throw new Error('its batches are compressed, which is not read: save it uncompressed');
    this.#file = file;
    this.#batch = batch;
    this.#from = from;
    this.#count = count;
    this.#leaf = leaf;
    this.#present = path.flatMap(({ node, buffer }) => {
      const [, nulls] = this.#nodeOf(node);
      return nulls === 0 ? [] : [this.#read(buffer, from >> 3, ((from + count + 7) >> 3) - (from >> 3))];
    });
    const width = leaf.bits / 8;
    const extra = this.#hasOffsets ? 1 : 0;
    this.#numbers = this.#read(leaf.buffer + 1, from * width, (count + extra) * width);
  }

  bytesAt(row: number): Buffer | undefined {
    if (!this.#isPresent(row)) return undefined;
    if (!this.#hasOffsets) throw new Error(`its column ${this.#leaf.name} holds numbers, not bytes`);
    const [begin, end] = this.#rangeAt(row);
    return this.#read(this.#leaf.buffer + 2, begin, end - begin);
  }

  valueAt(row: number): ArrowValue {
    if (!this.#isPresent(row)) return undefined;
    if (!this.#hasOffsets) return this.#numberAt(row);
    const [begin, end] = this.#rangeAt(row);
    return this.#leaf.kind === 'bytes' ? end - begin : this.#textAt(begin, end);
  }

  get #hasOffsets(): boolean {
    return this.#leaf.kind === 'bytes' || this.#leaf.kind === 'text';
  }

  #isPresent(row: number): boolean {
    const bit = (this.#from & 7) + row;
    return this.#present.every((bits) => (((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1);
  }

  #rangeAt(row: number): [number, number] {
    const [begin, end] = [this.#numberAt(row), this.#numberAt(row + 1)];
    if (!(begin >= 0 && begin <= end)) throw new RangeError('its offsets do not grow');
    return [begin, end];
  }

  #numberAt(row: number): number {
    const { kind, bits, signed } = this.#leaf;
    const at = (row * bits) / 8;
    const numbers = this.#numbers;
    if (kind === 'float') return bits === 32 ? numbers.readFloatLE(at) : numbers.readDoubleLE(at);
    if (bits === 64) return Number(signed ? numbers.readBigInt64LE(at) : numbers.readBigUInt64LE(at));
    return signed ? numbers.readIntLE(at, bits / 8) : numbers.readUIntLE(at, bits / 8);
  }

  /** Texts are short, so those of all rows are read at once. */
  #textAt(begin: number, end: number): string {
    if (this.#text === undefined) {
      const [first, last] = [this.#rangeAt(0)[0], this.#rangeAt(this.#count - 1)[1]];
      this.#text = { from: first, bytes: this.#read(this.#leaf.buffer + 2, first, last - first) };
    }
    return this.#text.bytes.toString('utf8', begin - this.#text.from, end - this.#text.from);
  }

  #nodeOf(node: number): readonly [number, number] {
    const found = this.#batch.nodes[node];
    if (found !== undefined && found[0] === this.#batch.rows) return found;
    throw new RangeError('a batch has fewer values than rows');
  }

  /** Bytes of a buffer of the batch: all of them, or it is an error. */
  #read(buffer: number, from: number, length: number): Buffer {
    const [begin, size] = this.#batch.buffers[buffer] ?? [0, 0];
    if (from < 0 || length < 0 || from + length > size) throw new RangeError('a buffer of a batch is too short');
    return this.#file.readNow(begin + from, length);
  }
}
