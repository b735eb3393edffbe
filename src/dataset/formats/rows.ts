import { extname } from 'node:path';
import * as z from 'zod';
import { identifier } from '../../base/database.ts';
import { InputError, throwIfCancelled } from '../../base/errors.ts';
import { query } from '../../base/table.ts';
import { withoutGlobs } from '../../container/parquet.ts';
import { readLines } from './lines.ts';
import { dialectOf, readSeparated } from './separated.ts';
import type { TableRow } from './tableRow.ts';

const ROWS_FOR_COLUMNS = 100;

export function isTable(path: string): boolean {
  return ['.csv', '.tsv', '.jsonl', '.ndjson', '.parquet'].includes(extname(path).toLowerCase());
}

export function isJsonLines(path: string): boolean {
  return ['.jsonl', '.ndjson'].includes(extname(path).toLowerCase());
}

export function isParquet(path: string): boolean {
  return extname(path).toLowerCase() === '.parquet';
}

/**
 * The rows of a CSV, TSV or JSONL file in UTF-8 or UTF-16, in order. Text stays as it is written ("null" and "NA" are
 * words), an empty cell is absent, and a row that cannot be read is named instead of lost. Throws {@link InputError} when
 * there is no such file or no header.
 *
 * @param wanted columns of a CSV or TSV file whose text must be UTF-8; all when absent
 */
export async function* readRows(
  path: string,
  signal?: AbortSignal,
  wanted?: readonly string[],
): AsyncGenerator<TableRow> {
  for await (const row of isJsonLines(path) ? readJsonLines(path) : readSeparated(path, wanted)) {
    throwIfCancelled(signal);
    yield row;
  }
}

/** The names of the columns; for JSONL those that the first hundred rows use. Throws like {@link readRows}. */
export async function readColumns(path: string): Promise<string[]> {
  if (isParquet(path)) return await readParquetColumns(path);
  if (!isJsonLines(path)) return [...(await dialectOf(path)).columns];
  const names = new Set<string>();
  let broken: { readonly line: number; readonly fault: string } | undefined;
  for await (const row of readRows(path)) {
    if (row.row > ROWS_FOR_COLUMNS) break;
    if ('cells' in row) for (const name of row.cells.keys()) names.add(name);
    else broken ??= row;
  }
  if (names.size > 0 || broken === undefined) return [...names];
  throw new InputError(`The table ${path} cannot be read: its line ${broken.line} ${broken.fault}.`);
}

/** The columns and the first rows that can be read. Throws like {@link readRows}. */
export async function readHead(
  path: string,
  limit: number,
): Promise<{ columns: string[]; rows: ReadonlyMap<string, string>[] }> {
  const columns = await readColumns(path);
  if (isParquet(path)) return { columns, rows: await readParquetHead(path, columns, limit) };
  const rows: ReadonlyMap<string, string>[] = [];
  for await (const row of readRows(path)) {
    if ('cells' in row) rows.push(row.cells);
    if (rows.length === limit) break;
  }
  return { columns, rows };
}

const ParquetColumn = z.object({ column_name: z.string() });

async function readParquetColumns(path: string): Promise<string[]> {
  try {
    const parameters = { path: withoutGlobs(path) };
    const found = await query('DESCRIBE SELECT * FROM read_parquet($path)', parameters, ParquetColumn);
    return found.map((column) => column.column_name);
  } catch (error) {
    throw new InputError(`The table ${path} cannot be read as Parquet. Replace it, or correct "file".`, error);
  }
}

async function readParquetHead(
  path: string,
  columns: readonly string[],
  limit: number,
): Promise<ReadonlyMap<string, string>[]> {
  const cells = columns.map((name) => `left(${textSql(name)}, 1000) AS ${identifier(name)}`);
  const sql = `SELECT ${cells.join(', ')} FROM read_parquet($path) LIMIT $limit`;
  const rows = await query(sql, { path: withoutGlobs(path), limit }, z.record(z.string(), z.string()));
  return rows.map((row) => new Map(Object.entries(row)));
}

/** A cell as text in SQL; a list as JSON. */
export function textSql(column: string): string {
  const cell = identifier(column);
  return `CASE WHEN typeof(${cell}) LIKE '%]' THEN to_json(${cell})::VARCHAR ELSE ${cell}::VARCHAR END`;
}

/** The texts of a cell that is a list of texts in JSON; else the cell. */
export function elementsOf(cell: string): string[] {
  if (!/^\[\s*["\]]/.test(cell)) return [cell];
  try {
    return Elements.parse(JSON.parse(cell)).filter((element) => element !== null);
  } catch {
    return [cell];
  }
}

const Elements = z.array(z.string().nullable());

const JsonRow = z.record(z.string(), z.unknown());

async function* readJsonLines(path: string): AsyncGenerator<TableRow> {
  let row = 0;
  for await (const line of readLines(path)) {
    if ('fault' in line) yield { row: ++row, ...line };
    else yield readJsonLine(line.text, ++row, line.line);
  }
}

function readJsonLine(json: string, row: number, line: number): TableRow {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { row, line, fault: 'is not JSON' };
  }
  const parsed = JsonRow.safeParse(value);
  if (!parsed.success || Array.isArray(value)) return { row, line, fault: 'is not a JSON object' };
  const cells = Object.entries(parsed.data).map(([name, cell]): [string, string] => [name, asText(cell)]);
  return { row, line, cells: new Map(cells.filter(([, cell]) => cell !== '')) };
}

function asText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
