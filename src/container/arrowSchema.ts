import { NotRead } from './containerError.ts';
import type { FlatTable } from './flatTable.ts';

export interface ArrowColumn {
  readonly name: string;
  /** What its values are; of a dictionary-encoded column, those in the dictionary. */
  readonly kind: 'bytes' | 'text' | 'integer' | 'float' | 'boolean' | 'struct' | 'list' | 'other';
  /** The fields of a struct; the elements of a list. */
  readonly fields: readonly ArrowColumn[];
  /** Bits of a number, or of an offset into bytes, texts and lists. */
  readonly bits: number;
  readonly signed: boolean;
  /** How many elements each list has, when it has no offsets. */
  readonly listLength?: number;
  /** Where its values are, when the column itself holds numbers of them. */
  readonly dictionary?: { readonly id: number; readonly values: ArrowColumn };
  /** Its number among the field nodes of a batch. */
  readonly node: number;
  /** Number of its first buffer, which says what is NULL; offsets and values follow. */
  readonly buffer: number;
}

/** Schemas with more fields are no table of pairs. */
const MAX_FIELDS = 10_000;
const MAX_DEPTH = 64;

/** Arrow's numbers of types, https://github.com/apache/arrow/blob/main/format/Schema.fbs */
const TYPES = {
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  utf8: 5,
  bool: 6,
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
const LARGE: readonly number[] = [TYPES.largeBinary, TYPES.largeUtf8, TYPES.largeList];
const FLOAT_BITS = [16, 32, 64];
const INT_BITS = [8, 16, 32, 64];
const KINDS: ReadonlyMap<number, ArrowColumn['kind']> = new Map([
  [TYPES.binary, 'bytes'],
  [TYPES.largeBinary, 'bytes'],
  [TYPES.utf8, 'text'],
  [TYPES.largeUtf8, 'text'],
  [TYPES.int, 'integer'],
  [TYPES.float, 'float'],
  [TYPES.bool, 'boolean'],
  [TYPES.struct, 'struct'],
  [TYPES.list, 'list'],
  [TYPES.largeList, 'list'],
  [TYPES.fixedSizeList, 'list'],
]);

/** The columns of a schema. @param fields tables of the type `Field` */
export function columnsOf(fields: readonly FlatTable[]): ArrowColumn[] {
  return new Numbering().columns(fields, 0);
}

/** Numbers the fields in the order in which a batch lists their nodes and buffers: parents before children. */
class Numbering {
  #nodes = 0;
  #buffers = 0;

  columns(fields: readonly FlatTable[], depth: number): ArrowColumn[] {
    return fields.map((field) => this.#column(field, depth));
  }

  #column(field: FlatTable, depth: number): ArrowColumn {
    const encoding = field.table(4);
    return encoding === undefined ? this.plain(field, depth) : this.#encoded(field, encoding, depth);
  }

  plain(field: FlatTable, depth: number): ArrowColumn {
    const [name, type, details] = [field.text(0), field.byte(2), field.table(3)];
    if (type > LAST_TYPE_WITH_KNOWN_BUFFERS) throw new NotRead(`its column ${name} is a view or of an unknown type`);
    if (depth > MAX_DEPTH) throw new Error('its schema has too many levels');
    const [node, buffer] = this.#take(buffersOf(type, details));
    const fields = this.columns(field.tables(5), depth + 1);
    const listLength = type === TYPES.fixedSizeList ? (details?.int(0) ?? 0) : undefined;
    const width = widthOf(type, details);
    const isReadable = (listLength === undefined || listLength > 0) && width.bits > 0;
    const kind = isReadable ? (KINDS.get(type) ?? 'other') : 'other';
    return { name, kind, fields, ...width, ...(listLength !== undefined && { listLength }), node, buffer };
  }

  /** Its nodes and buffers are those of the numbers; the values have a batch, and so a numbering, of their own. */
  #encoded(field: FlatTable, encoding: FlatTable, depth: number): ArrowColumn {
    const values = new Numbering().plain(field, depth);
    const [node, buffer] = this.#take(2);
    const indices = encoding.table(1);
    const width = indices === undefined ? { bits: 32, signed: true } : widthOf(TYPES.int, indices);
    const isReadable = ['bytes', 'text', 'integer', 'float'].includes(values.kind) && width.bits > 0;
    const kind = isReadable ? values.kind : 'other';
    return {
      name: values.name,
      kind,
      fields: [],
      ...width,
      dictionary: { id: encoding.long(0), values },
      node,
      buffer,
    };
  }

  #take(buffers: number): [node: number, buffer: number] {
    if (this.#nodes >= MAX_FIELDS) throw new Error('its schema has too many fields');
    const taken: [number, number] = [this.#nodes++, this.#buffers];
    this.#buffers += buffers;
    return taken;
  }
}

/** Of numbers and offsets; of a number that is not read, 0 bits. */
function widthOf(type: number, details: FlatTable | undefined): { bits: number; signed: boolean } {
  if (type === TYPES.int) {
    const bits = details?.int(0) ?? 0;
    return { bits: INT_BITS.includes(bits) ? bits : 0, signed: details?.byte(1) === 1 };
  }
  if (type === TYPES.float) {
    const bits = FLOAT_BITS[details?.short(0) ?? 0] ?? 0;
    return { bits: bits === 16 ? 0 : bits, signed: true };
  }
  return { bits: LARGE.includes(type) ? 64 : 32, signed: true };
}

/** How many buffers a field itself has in a batch. */
function buffersOf(type: number, details: FlatTable | undefined): number {
  if (type === TYPES.null || type === TYPES.runEndEncoded) return 0;
  if (type === TYPES.struct || type === TYPES.fixedSizeList) return 1;
  if (type === TYPES.union) return details?.short(0) === 1 ? 2 : 1;
  const hasOffsets: number[] = [TYPES.binary, TYPES.utf8, TYPES.largeBinary, TYPES.largeUtf8];
  return hasOffsets.includes(type) ? 3 : 2;
}
