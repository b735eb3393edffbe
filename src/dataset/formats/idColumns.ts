import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import * as z from 'zod';
import { identifier } from '../../base/database.ts';
import { InputError } from '../../base/errors.ts';
import { exists } from '../../base/files.ts';
import { query } from '../../base/table.ts';
import { isParquet, openParquet, withoutGlobs } from '../../container/parquet.ts';
import { isTable, readColumns, readRows } from './rows.ts';
import { NOT_UTF8 } from './utf8.ts';

/** Names that the rows of an array go by: cell i is of row i, absent where nothing stands there. */
export interface IdColumn {
  /** Absent for a list. */
  readonly name?: string;
  readonly cells: readonly (string | undefined)[];
}

const Ids = z.array(z.union([z.string(), z.number()]).transform(String));
const Row = z.record(z.string(), z.string());
const MAX_LIST_BYTES = 512 * 1024 * 1024;

/**
 * Everything in a file that may name rows: the lines of a text, a list in JSON, or the columns of text and whole numbers of
 * a table (CSV, TSV, JSON Lines, Parquet). Throws {@link InputError}.
 */
export async function readIdColumns(path: string, signal: AbortSignal | undefined): Promise<IdColumn[]> {
  if (!(await exists(path))) throw new InputError(`There is no file ${path} with ids. Correct the path.`);
  const extension = extname(path).toLowerCase();
  if (extension === '.txt' || extension === '.json') return [{ cells: await readList(path, extension === '.json') }];
  if (isParquet(path)) return await readParquetColumns(path);
  if (isTable(path)) return await readTableColumns(path, signal);
  throw new InputError(`${path} is no list of ids. Give .txt, .json, .csv, .tsv, .jsonl or .parquet.`);
}

async function readList(path: string, isJson: boolean): Promise<string[]> {
  if ((await stat(path)).size > MAX_LIST_BYTES) {
    throw new InputError(`${path} is too large for a list of ids. Save it as Parquet.`);
  }
  const bytes = await readFile(path);
  if (!isUtf8(bytes)) throw new InputError(`The list of ids ${path} ${NOT_UTF8}.`);
  const text = bytes.toString('utf8');
  if (!isJson) return text.replace(/\r?\n$/, '').split(/\r?\n/);
  try {
    return Ids.parse(JSON.parse(text));
  } catch (error) {
    throw new InputError(`${path} holds no list of ids in JSON. Write one: ["a", "b"].`, error);
  }
}

async function readTableColumns(path: string, signal: AbortSignal | undefined): Promise<IdColumn[]> {
  const names = await readColumns(path);
  const columns = names.map((): (string | undefined)[] => []);
  for await (const row of readRows(path, signal)) {
    if ('fault' in row) throw new InputError(`${path}, row ${row.row}, ${row.fault}. Correct it.`);
    for (const [index, name] of names.entries()) columns[index]?.push(row.cells.get(name));
  }
  return names.map((name, index) => ({ name, cells: columns[index] ?? [] }));
}

/** Columns of numbers with a fraction, of lists and of bytes name nothing. */
async function readParquetColumns(path: string): Promise<IdColumn[]> {
  const { columns } = await openParquet(path);
  const names = columns.filter(({ kind }) => kind === 'text' || kind === 'number').map(({ name }) => name);
  if (names.length === 0) return [];
  const cells = names.map((name, index) => `${identifier(name)}::VARCHAR AS c${index}`).join(', ');
  const sql = `SELECT ${cells} FROM read_parquet($path, file_row_number = true) ORDER BY file_row_number`;
  const rows = await query(sql, { path: withoutGlobs(path) }, Row);
  return names.map((name, index) => ({ name, cells: rows.map((row) => row[`c${index}`]) }));
}

/** The columns of several files below each other: those that all of them have. */
export function joinColumns(files: readonly (readonly IdColumn[])[]): IdColumn[] {
  const [first = [], ...others] = files;
  return first.flatMap((column) => {
    const same = others.map((columns) => columns.find(({ name }) => name === column.name));
    if (same.some((found) => found === undefined)) return [];
    return [{ ...column, cells: [column, ...same].flatMap((found) => found?.cells ?? []) }];
  });
}
