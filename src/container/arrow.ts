import { type ArrowColumn, columnsOf } from './arrowSchema.ts';
import { decoding, NotRead } from './containerError.ts';
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

export interface ArrowBatch {
  readonly firstRow: number;
  readonly rows: number;
  /** Of each field: how many rows, and how many of them are NULL. */
  readonly nodes: readonly (readonly [rows: number, nulls: number])[];
  /** Of each buffer: place in the file and length, in bytes. */
  readonly buffers: readonly (readonly [begin: number, length: number])[];
  /** How each buffer is packed, with its size before it. */
  readonly codec: 'none' | 'zstd' | 'lz4';
  /** What the numbers of dictionary-encoded columns mean in this batch: by the id of the dictionary, its parts. */
  readonly dictionaries: Dictionaries;
}

type Dictionaries = ReadonlyMap<number, readonly ArrowBatch[]>;

const FILE_MAGIC = 'ARROW1';
const CONTINUATION = 0xffffffff;
/** Metadata of a message that are longer are no table of pairs. */
const MAX_METADATA = 64 * 1024 * 1024;
const SCHEMA = 1;
const DICTIONARY_BATCH = 2;
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
  let dictionaries: Dictionaries = new Map();
  let rows = 0;
  for (let at = begin; at < end; ) {
    const message = readMessage(file, at, end);
    if (message === 'end') break;
    if (message === 'cut') {
      fault = `is cut at byte ${file.size}: rows after the first ${rows} are missing. Copy it again.`;
      break;
    }
    const { root, body, next } = message;
    const [kind, header] = [root.byte(1), root.table(2)];
    if (kind === SCHEMA) schema ??= header;
    if ((kind === RECORD_BATCH || kind === DICTIONARY_BATCH) && header !== undefined) {
      if (root.short(0) < VERSION_4) throw new NotRead('its Arrow version is older than 0.8');
      if (kind === DICTIONARY_BATCH) dictionaries = withDictionary(dictionaries, header, body, next);
      else batches.push(batchOf(header, rows, body, next, dictionaries));
      rows = rowsUpTo(batches);
    }
    at = next;
  }
  if (schema === undefined) throw new Error('it begins with no Arrow schema');
  const notes = new Map(schema.tables(2).map((note) => [note.text(0), note.text(1)]));
  const columns = columnsOf(schema.tables(1));
  return { path: file.path, changed: file.changed, rows, columns, notes, batches, ...(fault && { fault }) };
}

function rowsUpTo(batches: readonly ArrowBatch[]): number {
  const last = batches.at(-1);
  return last === undefined ? 0 : last.firstRow + last.rows;
}

/** A dictionary batch replaces the dictionary of its id, or goes on with it. */
function withDictionary(known: Dictionaries, header: FlatTable, body: number, end: number): Dictionaries {
  const id = header.long(0);
  const data = header.table(1);
  const before = header.byte(2) === 1 ? (known.get(id) ?? []) : [];
  if (data === undefined) return known;
  return new Map(known).set(id, [...before, batchOf(data, rowsUpTo(before), body, end, known)]);
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

function batchOf(
  header: FlatTable,
  firstRow: number,
  body: number,
  end: number,
  dictionaries: Dictionaries,
): ArrowBatch {
  const rows = header.long(0);
  const nodes = header.pairs(1);
  const buffers = header.pairs(2).map(([offset, length]) => {
    if (offset < 0 || length < 0 || body + offset + length > end)
      throw new RangeError('a buffer lies outside its batch');
    return [body + offset, length] as const;
  });
  if (!Number.isSafeInteger(firstRow + rows) || rows < 0) throw new RangeError('a batch has no sensible length');
  const compression = header.table(3);
  const codec = compression === undefined ? 'none' : compression.byte(0) === 1 ? 'zstd' : 'lz4';
  return { firstRow, rows, nodes, buffers, codec, dictionaries };
}
