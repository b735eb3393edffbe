import { type ColumnMetaData, parquetSchema, type RowGroup, type SchemaTree } from 'hyparquet';
import { parquetHeader, readColumn } from 'hyparquet/src/column.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import { compressors } from 'hyparquet-compressors';
import { ContainerError, decoding } from './containerError.ts';
import { openParquet, type ParquetTable } from './parquet.ts';
import { RegularFile } from './source.ts';

/** Where the values of some rows lie: a run of bytes that is compressed as one. Rows count from the row group's first. */
interface Page {
  readonly begin: number;
  readonly length: number;
  readonly firstRow: number;
  readonly rows: number;
}

/** The pages of one column in one row group. */
interface Pages {
  readonly column: ColumnMetaData;
  readonly schemaPath: SchemaTree[];
  /** The values that the data pages refer to by number. */
  readonly dictionary: Omit<Page, 'firstRow' | 'rows'> | undefined;
  readonly data: readonly Page[];
}

interface OpenTable {
  readonly table: ParquetTable;
  readonly pages: Map<string, Pages>;
  /** The page that was decoded last, because the next row is mostly in the same one. */
  last?: { readonly page: Page; readonly values: readonly unknown[] };
}

const MAX_OPEN = 4;
/** No page header is longer, except for the statistics of very long values. */
const HEADER_BYTES = 4096;
const LONG_HEADER_BYTES = 1024 * 1024;
/** Larger pages are not decompressed. */
const MAX_PAGE = 1024 * 1024 * 1024;

const tables = new Map<string, OpenTable>();

/**
 * The bytes in one cell: of a column of bytes or texts, or of the field `bytes` of a struct, as Hugging Face stores media.
 * Only the page that holds the row is read and decompressed; the headers of the pages before it are read once.
 * `undefined` for NULL. Throws {@link ContainerError}.
 *
 * @param row zero-based
 */
export async function readCell(path: string, row: number, column: string): Promise<Buffer | undefined> {
  const file = new RegularFile(path);
  try {
    const open = await openTable(file);
    return await decoding(path, () => {
      const { group, first } = groupOf(open.table, row);
      const pages = pagesOf(open, file, group, first, column);
      const page = pages.data.find(({ firstRow, rows }) => row - first < firstRow + rows);
      if (page === undefined) throw new Error(`the pages of the column ${column} end before row ${row}`);
      if (open.last?.page !== page) open.last = { page, values: readPage(file, pages, page) };
      return bytesOf(open.last.values[row - first - page.firstRow], path, column);
    });
  } finally {
    file.close();
  }
}

async function openTable(file: RegularFile): Promise<OpenTable> {
  const known = tables.get(file.path);
  tables.delete(file.path);
  const open =
    known?.table.changed === file.changed ? known : { table: await openParquet(file.path), pages: new Map() };
  tables.set(file.path, open);
  for (const path of tables.keys()) {
    if (tables.size <= MAX_OPEN) break;
    tables.delete(path);
  }
  return open;
}

function groupOf({ metadata, path, rows }: ParquetTable, row: number): { group: RowGroup; first: number } {
  let first = 0;
  for (const group of metadata.row_groups) {
    if (row < first + Number(group.num_rows)) return { group, first };
    first += Number(group.num_rows);
  }
  throw new ContainerError('unreadable-media', path, `has ${rows} rows, but row ${row + 1} was wanted: index again.`);
}

function pagesOf(open: OpenTable, file: RegularFile, group: RowGroup, first: number, name: string): Pages {
  const key = `${first} ${name}`;
  const known = open.pages.get(key);
  if (known !== undefined) return known;
  const schema = parquetSchema(open.table.metadata);
  const chunk = group.columns.find(({ meta_data: column }) => {
    const path = column?.path_in_schema.join('.');
    return path === name || path === `${name}.bytes`;
  });
  if (chunk?.meta_data === undefined || chunk.file_path !== undefined) {
    throw new ContainerError('unreadable-media', file.path, `has no column ${name} of bytes: index again.`);
  }
  const schemaPath = getTreePath(schema, chunk.meta_data.path_in_schema);
  if (schemaPath.some(({ element }) => element.repetition_type === 'REPEATED')) {
    throw new ContainerError('unreadable-media', file.path, `holds lists in its column ${name}: they are not read.`);
  }
  const pages = { column: chunk.meta_data, schemaPath, ...walkPages(file, chunk.meta_data) };
  open.pages.set(key, pages);
  return pages;
}

/** Goes from page header to page header; the pages themselves are skipped. */
function walkPages(file: RegularFile, column: ColumnMetaData): Pick<Pages, 'dictionary' | 'data'> {
  const begin = Number(column.dictionary_page_offset || column.data_page_offset);
  const end = begin + Number(column.total_compressed_size);
  let dictionary: Pages['dictionary'];
  const data: Page[] = [];
  let firstRow = 0;
  for (let at = begin; at < end && firstRow < Number(column.num_values); ) {
    const { header, length: headerLength } = readHeader(file, at);
    const length = headerLength + header.compressed_page_size;
    const inflated = header.uncompressed_page_size;
    if (!(header.compressed_page_size >= 0 && inflated >= 0 && inflated <= MAX_PAGE && at + length <= end)) {
      throw new Error(`a page at byte ${at} cannot be as long as it says`);
    }
    if (header.type === 'DICTIONARY_PAGE') dictionary = { begin: at, length };
    const rows = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_rows ?? 0;
    if (rows > 0) data.push({ begin: at, length, firstRow, rows });
    firstRow += rows;
    at += length;
  }
  return { dictionary, data };
}

function readHeader(file: RegularFile, at: number) {
  try {
    return parseHeader(file.readNow(at, HEADER_BYTES));
  } catch {
    return parseHeader(file.readNow(at, LONG_HEADER_BYTES));
  }
}

function parseHeader(bytes: Buffer) {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  return { header: parquetHeader(reader), length: reader.offset };
}

/** One value for each row of the page. */
function readPage(file: RegularFile, { column, schemaPath, dictionary }: Pages, page: Page): readonly unknown[] {
  const parts = [dictionary, page].filter((part) => part !== undefined);
  const bytes = Buffer.concat(parts.map(({ begin, length }) => file.readNow(begin, length)));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const select = { groupStart: 0, groupRows: page.rows, selectStart: 0, selectEnd: page.rows };
  const { data } = readColumn({ view, offset: 0 }, select, {
    ...column,
    pathInSchema: column.path_in_schema,
    element: schemaPath.at(-1)?.element ?? { name: '' },
    schemaPath,
    compressors,
    utf8: false,
    parsers: { ...DEFAULT_PARSERS, stringFromBytes: (text) => text },
  });
  return Array.from(data[0] ?? []);
}

/** A value of a struct's field lies in lists of one, because structs may be absent. */
function bytesOf(value: unknown, path: string, column: string): Buffer | undefined {
  if (Array.isArray(value)) return bytesOf(value[0], path, column);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return Buffer.from(value);
  if (value instanceof Uint8Array) return Buffer.from(value);
  throw new ContainerError('unreadable-media', path, `holds neither bytes nor texts in its column ${column}.`);
}
