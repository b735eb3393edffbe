import type { RowGroup } from 'hyparquet';
import * as z from 'zod';
import { Database, identifier, literal } from '../base/database.ts';
import { ContainerError, decoding } from './containerError.ts';
import { openParquet, type ParquetTable, withoutGlobs } from './parquet.ts';
import { findPages, type Page, type Pages, type PageValues, readPage } from './parquetPages.ts';
import { RegularFile } from './source.ts';

interface OpenTable {
  readonly table: ParquetTable;
  readonly pages: Map<string, Pages>;
  /** The page that was read last, because the next row is mostly in the same one. */
  last?: { readonly page: Page; readonly cells: Cells };
}

const Bytes = z.object({ bytes: z.instanceof(Uint8Array).optional() });
const MAX_OPEN = 4;
const tables = new Map<string, OpenTable>();

/**
 * The bytes in one cell: of a column of bytes or texts, or of the field `bytes` of a struct, as Hugging Face stores media;
 * `images[2]` is the third element of a list, which DuckDB finds.
 * Only the page that holds the row is read and decompressed; the headers of the pages before it are read once.
 * `undefined` for NULL. Throws {@link ContainerError}.
 *
 * Of a row group of 100 MB in pages of 1 MB, any cell took 5 ms; by DuckDB it took 40 ms and by hyparquet, which decodes
 * the whole column, 1.4 s.
 *
 * @param row zero-based
 */
export async function readCell(path: string, row: number, column: string): Promise<Buffer | undefined> {
  const file = new RegularFile(path);
  try {
    const open = await openTable(file);
    return await decoding(path, async () => {
      const { group, first } = groupOf(open.table, row);
      const element = elementIn(open.table, column);
      if (element !== undefined) return await readElement(open.table, row, element);
      const pages = pagesOf(open, file, group, first, column);
      let place = row - first;
      const page = pages.data.find(({ count }) => {
        if (place < count) return true;
        place -= count;
        return false;
      });
      if (page === undefined) throw new Error(`the pages of the column ${column} end before row ${row + 1}`);
      if (open.last?.page !== page) open.last = { page, cells: new Cells(readPage(file, pages, page), pages) };
      return open.last.cells.at(place);
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

/** `images[2]` in SQL, unless a column has just this name. */
function elementIn({ columns }: ParquetTable, column: string): string | undefined {
  const match = /^(.*)\[(\d+)\]$/.exec(column);
  const list = columns.find(({ name, kind }) => name === match?.[1] && kind === 'list');
  if (match === null || list === undefined || columns.some(({ name }) => name === column)) return undefined;
  const element = `${identifier(list.name)}[${Number(match[2]) + 1}]`;
  return list.fields[0]?.kind === 'struct' ? `${element}.bytes` : element;
}

let lists: Promise<Database> | undefined;

/** Which page a row of lists begins in, its pages do not say. */
async function readElement({ path }: ParquetTable, row: number, element: string): Promise<Buffer | undefined> {
  lists ??= Database.open();
  const source = `read_parquet(${literal(withoutGlobs(path))}, file_row_number = true)`;
  const sql = `SELECT ${element} AS bytes FROM ${source} WHERE file_row_number = $row`;
  const [cell] = await (await lists).beside((own) => own.query(sql, { row }, Bytes));
  return cell?.bytes && Buffer.from(cell.bytes);
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
  const column = group.columns
    .map(({ meta_data: details }) => details)
    .find((details) => [name, `${name}.bytes`].includes(details?.path_in_schema.join('.') ?? ''));
  if (column?.type !== 'BYTE_ARRAY') {
    throw new ContainerError('unreadable-media', file.path, `has no column ${name} of bytes or texts: index again.`);
  }
  const pages = findPages(file, open.table, column);
  if (pages.levels.repetition > 0) throw new Error(`its column ${name} holds lists, which are not read`);
  open.pages.set(key, pages);
  return pages;
}

/** The values of one page, each found by its place. */
class Cells {
  readonly #values: PageValues;
  readonly #present: Int32Array;
  /** Where the stored values begin. */
  readonly #begins: readonly number[];

  constructor(values: PageValues, { levels }: Pages) {
    this.#values = values;
    this.#begins = placesIn(values.bytes);
    let index = 0;
    this.#present = Int32Array.from(values.definitions, (level) => (level === levels.definition ? index++ : -1));
  }

  at(place: number): Buffer | undefined {
    const { bytes, numbers } = this.#values;
    const index = this.#present.length === 0 ? place : (this.#present[place] ?? -1);
    if (index < 0) return undefined;
    const begin = this.#begins[numbers === undefined ? index : (numbers[index] ?? -1)];
    if (begin === undefined) throw new RangeError('a page has fewer values than it says');
    return Buffer.from(bytes.subarray(begin, begin + bytes.readUInt32LE(begin - 4)));
  }
}

/** Where the values in the encoding `PLAIN` begin: each has its length before it. */
function placesIn(bytes: Buffer): number[] {
  const begins: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const begin = at + 4;
    at = begin + bytes.readUInt32LE(at);
    if (at > bytes.length) throw new RangeError('a value ends behind its page');
    begins.push(begin);
  }
  return begins;
}
