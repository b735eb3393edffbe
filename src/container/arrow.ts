import { decoding } from './containerError.ts';
import { FlatTable } from './flatTable.ts';
import { RegularFile } from './source.ts';

/**
 * An Arrow IPC file, in the stream format (as Hugging Face `save_to_disk` writes it) or the file format, which is the
 * same between a magic word and a footer. Its schema and the places of its record batches were read, none of its rows.
 * https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 */
export interface ArrowTable {
  readonly path: string;
  /** When the file was last changed, in milliseconds since 1970. */
  readonly changed: number;
  readonly rows: number;
  readonly columns: readonly ArrowColumn[];
  /** Key-value pairs of the schema, such as `huggingface`. */
  readonly notes: ReadonlyMap<string, string>;
  readonly batches: readonly ArrowBatch[];
  /** Why there may be more rows than could be read; a sentence that lacks its subject. */
  readonly fault?: string;
}

export interface ArrowColumn {
  readonly name: string;
  readonly kind: 'bytes' | 'text' | 'integer' | 'float' | 'struct' | 'other';
  readonly fields: readonly ArrowColumn[];
  /** Bits of a number or of an offset into bytes and texts. */
  readonly bits: number;
  readonly signed: boolean;
  /** Its number among the field nodes of a batch. */
  readonly node: number;
  /** Number of its first buffer, which says what is NULL; offsets and values follow. */
  readonly buffer: number;
}

export interface ArrowBatch {
  readonly firstRow: number;
  readonly rows: number;
  /** Of each field: how many rows, and how many of them are NULL. */
  readonly nodes: readonly (readonly [rows: number, nulls: number])[];
  /** Of each buffer: place in the file and length, in bytes. */
  readonly buffers: readonly (readonly [begin: number, length: number])[];
  readonly isCompressed: boolean;
}

const FILE_MAGIC = 'ARROW1';
const CONTINUATION = 0xffffffff;
/** Metadata of a message that are longer, or schemas with more fields, are no table of pairs. */
const MAX_METADATA = 64 * 1024 * 1024;
const MAX_FIELDS = 10_000;
const SCHEMA = 1;
const RECORD_BATCH = 3;
/** Since this version a batch says where its buffers are as here; older ones are of 2016 and before. */
const VERSION_4 = 3;

/** Walks from message to message. Throws {@link ContainerError}. */
export async function openArrow(path: string): Promise<ArrowTable> {
  const file = new RegularFile(path);
  try {
    return await decoding(path, () => walkMessages(file));
  } finally {
    file.close();
  }
}

function walkMessages(file: RegularFile): ArrowTable {
  const { begin, end, footer } = messagesOf(file);
  let schema = footer?.table(1);
  let fault: string | undefined;
  const batches: ArrowBatch[] = [];
  let rows = 0;
  for (let at = begin; at < end; ) {
    const message = readMessage(file, at, end);
    if (message === 'end') break;
    if (message === 'cut') {
      fault = `is cut at byte ${file.size}: rows after the first ${rows} are missing. Copy it again.`;
      break;
    }
    const header = message.root.table(2);
    if (message.root.byte(1) === SCHEMA) schema ??= header;
    if (message.root.byte(1) === RECORD_BATCH && header !== undefined) {
      if (message.root.short(0) < VERSION_4) throw new Error('its Arrow version is older than 0.8');
      const batch = batchOf(header, rows, message.body, message.next);
      batches.push(batch);
      rows += batch.rows;
    }
    at = message.next;
  }
  if (schema === undefined) throw new Error('it begins with no Arrow schema');
  const notes = new Map(schema.tables(2).map((note) => [note.text(0), note.text(1)]));
  const columns = new ColumnNumbering().columns(schema.tables(1));
  return { path: file.path, changed: file.changed, rows, columns, notes, batches, ...(fault && { fault }) };
}

/**
 * Where the messages lie: all of a stream; in the file format between the magic word and the footer. The footer repeats
 * the schema, and some writers put it only there.
 */
function messagesOf(file: RegularFile): { begin: number; end: number; footer?: FlatTable } {
  if (file.readNow(0, 6).toString('latin1') !== FILE_MAGIC) return { begin: 0, end: file.size };
  const tail = file.readNow(file.size - 10, 10);
  if (tail.length < 10 || tail.toString('latin1', 4) !== FILE_MAGIC) return { begin: 8, end: file.size };
  const length = Math.min(tail.readUInt32LE(0), MAX_METADATA);
  const end = file.size - 10 - length;
  return { begin: 8, end, footer: FlatTable.root(file.readNow(end, length)) };
}

interface ArrowMessage {
  readonly root: FlatTable;
  readonly body: number;
  readonly next: number;
}

/** A length (since 2019 after a continuation mark), the metadata, the body. */
function readMessage(file: RegularFile, at: number, end: number): ArrowMessage | 'end' | 'cut' {
  const prefix = file.readNow(at, 8);
  if (prefix.length < 4) return 'cut';
  const isMarked = prefix.readUInt32LE(0) === CONTINUATION;
  if (isMarked && prefix.length < 8) return 'cut';
  const length = prefix.readUInt32LE(isMarked ? 4 : 0);
  if (length === 0) return 'end';
  const metadata = at + (isMarked ? 8 : 4);
  if (length > MAX_METADATA) throw new Error(`there is no Arrow message at byte ${at}`);
  if (metadata + length > end) return 'cut';
  const root = FlatTable.root(file.readNow(metadata, length));
  const body = metadata + length;
  const next = body + root.long(3);
  if (!Number.isSafeInteger(next) || next < body) throw new Error(`the Arrow message at byte ${at} has no sense`);
  return next > end ? 'cut' : { root, body, next };
}

function batchOf(header: FlatTable, firstRow: number, body: number, end: number): ArrowBatch {
  const rows = header.long(0);
  const nodes = header.pairs(1);
  const buffers = header.pairs(2).map(([offset, length]) => {
    if (offset < 0 || length < 0 || body + offset + length > end)
      throw new RangeError('a buffer lies outside its batch');
    return [body + offset, length] as const;
  });
  if (!Number.isSafeInteger(firstRow + rows) || rows < 0) throw new RangeError('a batch has no sensible length');
  return { firstRow, rows, nodes, buffers, isCompressed: header.table(3) !== undefined };
}

/** Arrow's numbers of types, https://github.com/apache/arrow/blob/main/format/Schema.fbs */
const TYPES = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  list: 12,
  struct: 13,
  union: 14,
  fixedSizeList: 16,
  map: 17,
  largeBinary: 19,
  largeUtf8: 20,
  largeList: 21,
  runEndEncoded: 22,
} as const;
const LAST_TYPE_WITH_KNOWN_BUFFERS = TYPES.runEndEncoded;
const FLOAT_BITS = [16, 32, 64];

/** Numbers the fields in the order in which a batch lists their nodes and buffers: parents before children. */
class ColumnNumbering {
  #nodes = 0;
  #buffers = 0;

  columns(fields: readonly FlatTable[]): ArrowColumn[] {
    return fields.map((field) => this.#column(field));
  }

  #column(field: FlatTable): ArrowColumn {
    const isDictionary = field.table(4) !== undefined;
    const type = field.byte(2);
    const details = field.table(3);
    if (type > LAST_TYPE_WITH_KNOWN_BUFFERS) throw new Error(`its column ${field.text(0)} has a type that is not read`);
    if (this.#nodes >= MAX_FIELDS) throw new Error('its schema has too many fields');
    const [node, buffer] = [this.#nodes++, this.#buffers];
    this.#buffers += isDictionary ? 2 : buffersOf(type, details);
    const fields = isDictionary ? [] : this.columns(field.tables(5));
    const width = widthOf(type, details);
    const isReadable = !isDictionary && (type !== TYPES.float || width.bits >= 32);
    return { name: field.text(0), kind: isReadable ? kindOf(type) : 'other', fields, ...width, node, buffer };
  }
}

function kindOf(type: number): ArrowColumn['kind'] {
  if (type === TYPES.binary || type === TYPES.largeBinary) return 'bytes';
  if (type === TYPES.utf8 || type === TYPES.largeUtf8) return 'text';
  if (type === TYPES.int) return 'integer';
  if (type === TYPES.float) return 'float';
  return type === TYPES.struct ? 'struct' : 'other';
}

function widthOf(type: number, details: FlatTable | undefined): { bits: number; signed: boolean } {
  if (type === TYPES.int) return { bits: details?.int(0) ?? 0, signed: details?.byte(1) === 1 };
  if (type === TYPES.float) return { bits: FLOAT_BITS[details?.short(0) ?? 0] ?? 0, signed: true };
  const isLarge = type === TYPES.largeBinary || type === TYPES.largeUtf8;
  return { bits: isLarge ? 64 : 32, signed: true };
}

/** How many buffers a field itself has in a batch. */
function buffersOf(type: number, details: FlatTable | undefined): number {
  if (type === TYPES.null || type === TYPES.runEndEncoded) return 0;
  if (type === TYPES.struct || type === TYPES.fixedSizeList) return 1;
  if (type === TYPES.union) return details?.short(0) === 1 ? 2 : 1;
  const hasOffsets: number[] = [TYPES.binary, TYPES.utf8, TYPES.largeBinary, TYPES.largeUtf8];
  return hasOffsets.includes(type) ? 3 : 2;
}
