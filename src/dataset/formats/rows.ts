import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse';
import * as z from 'zod';
import { identifier } from '../../base/database.ts';
import { errorCode, InputError, throwIfCancelled } from '../../base/errors.ts';
import { query } from '../../base/table.ts';
import { withoutGlobs } from '../../container/parquet.ts';

/** A row of a table, or why one cannot be read. */
export type TableRow =
  | {
      /** The first row after the header is 1. */
      readonly row: number;
      /** Last line of the row in the file; the first line is 1. */
      readonly line: number;
      readonly cells: ReadonlyMap<string, string>;
    }
  | { readonly row: number; readonly line: number; readonly fault: string };

const SEPARATORS = [',', '\t', ';', '|'];
const HEAD_BYTES = 64 * 1024;
const MAX_ROW_BYTES = 16 * 1024 * 1024;
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
 * The rows of a CSV, TSV or JSONL file in order. Text stays as it is written ("null" and "NA" are words), an empty cell
 * is absent, and a row that cannot be read is named instead of lost. TSV has no quoting; the separator of a CSV file is
 * the one that its header holds most of. Throws {@link InputError} when there is no such file or no header.
 */
export async function* readRows(path: string, signal?: AbortSignal): AsyncGenerator<TableRow> {
  const rows = isJsonLines(path) ? readJsonLines(path) : readSeparated(path);
  try {
    for await (const row of rows) {
      throwIfCancelled(signal);
      yield row;
    }
  } catch (error) {
    throw explain(error, path);
  }
}

/** The names of the columns; for JSONL those that the first hundred rows use. Throws like {@link readRows}. */
export async function readColumns(path: string): Promise<string[]> {
  if (isParquet(path)) return await readParquetColumns(path);
  if (!isJsonLines(path)) return await readHeader(path);
  const names = new Set<string>();
  for await (const row of readRows(path)) {
    if (row.row > ROWS_FOR_COLUMNS) break;
    if ('cells' in row) for (const name of row.cells.keys()) names.add(name);
  }
  return [...names];
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

function explain(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (code === undefined || error instanceof InputError) return error;
  const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
  return new InputError(`The table ${path} ${reason}. Correct "file" in the dataset file.`, error);
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

async function* readSeparated(path: string): AsyncGenerator<TableRow> {
  const columns = await readHeader(path);
  let skipped: string[] = [];
  const parser = createReadStream(path).pipe(
    parse({
      ...(await parserOptions(path)),
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error) => {
        skipped.push(error?.code === 'CSV_QUOTE_NOT_CLOSED' ? 'opens a quote that is never closed' : 'cannot be read');
        return undefined;
      },
    }),
  );
  let [row, line] = [0, 1];
  for await (const record of parser) {
    const { record: cells, info } = CsvRecord.parse(record);
    for (const fault of skipped) yield { row: ++row, line: line + 1, fault };
    skipped = [];
    const isHeader = row === 0 && info.records === 1;
    line = info.lines;
    if (isHeader) continue;
    row++;
    if (cells.length === columns.length) yield { row, line, cells: named(columns, cells) };
    else yield { row, line, fault: `has ${cells.length} cells, but the header has ${columns.length} columns` };
  }
  for (const fault of skipped)
    yield { row: ++row, line: line + 1, fault: `${fault}, so nothing from here on was read` };
}

const CsvRecord = z.object({
  record: z.array(z.string()),
  info: z.object({ lines: z.number(), records: z.number() }),
});

function named(columns: readonly string[], cells: readonly string[]): Map<string, string> {
  const present = columns.map((name, index): [string, string] => [name, cells[index] ?? '']);
  return new Map(present.filter(([, cell]) => cell !== ''));
}

async function readHeader(path: string): Promise<string[]> {
  const parser = createReadStream(path).pipe(parse({ ...(await parserOptions(path)), to: 1 }));
  for await (const record of parser) {
    const columns = CsvRecord.parse(record).record.map((name) => name.trim());
    const twice = columns.find((name, index) => columns.indexOf(name) !== index);
    if (twice === undefined) return columns;
    throw new InputError(`The table ${path} has two columns named "${twice}". Rename one.`);
  }
  throw new InputError(`The table ${path} is empty: it has no header. Write one, or name another table.`);
}

/** How a CSV or TSV file is written. */
export interface Dialect {
  readonly columns: readonly string[];
  readonly delimiter: string;
  /** `null` when there is no quoting. */
  readonly quote: '"' | null;
}

/** Throws like {@link readRows}. */
export async function dialectOf(path: string): Promise<Dialect> {
  try {
    const { delimiter, quote } = await parserOptions(path);
    return { columns: await readHeader(path), delimiter, quote };
  } catch (error) {
    throw explain(error, path);
  }
}

async function parserOptions(path: string) {
  const isTsv = extname(path).toLowerCase() === '.tsv';
  return {
    bom: true,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    record_delimiter: ['\r\n', '\n'],
    max_record_size: MAX_ROW_BYTES,
    delimiter: isTsv ? '\t' : await separatorOf(path),
    quote: isTsv ? null : ('"' as const),
  };
}

async function separatorOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const header = buffer.toString('utf8', 0, bytesRead).split('\n', 1)[0] ?? '';
    const bare = header.replace(/"[^"]*"/g, '');
    const count = (separator: string): number => bare.split(separator).length;
    return SEPARATORS.reduce((best, separator) => (count(separator) > count(best) ? separator : best));
  } finally {
    await file.close();
  }
}

const JsonRow = z.record(z.string(), z.unknown());

async function* readJsonLines(path: string): AsyncGenerator<TableRow> {
  const lines = createInterface({ input: createReadStream(path, { encoding: 'utf8' }), crlfDelay: Infinity });
  let [row, line] = [0, 0];
  for await (const text of lines) {
    line++;
    const json = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (json.trim() !== '') yield readJsonLine(json, ++row, line);
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
