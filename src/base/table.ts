import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';
import type * as z from 'zod';
import { EnvironmentError, explainFileError, throwIfCancelled } from './errors.ts';

/** `count` is a whole number below 2⁵³, `integer` one of 32 bits, `texts` a list of texts. */
export type ColumnType = 'text' | 'integer' | 'count' | 'number' | 'boolean' | 'texts';
export type Columns = Readonly<Record<string, ColumnType>>;
export type Cell = string | number | boolean | readonly string[] | undefined;
export type Row<C extends Columns> = Readonly<Partial<Record<keyof C, Cell>>>;

const TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  text: VARCHAR,
  integer: INTEGER,
  count: BIGINT,
  number: DOUBLE,
  boolean: BOOLEAN,
  texts: LIST(VARCHAR),
};
const ROWS_PER_CHUNK = 2048;

/**
 * Writes rows as one Parquet file, beside the target first and then renamed. Absent cells become NULL. Returns the
 * number of rows. Throws {@link CancelledError} when the signal is aborted and {@link EnvironmentError} when the disk refuses.
 */
export async function writeParquet<C extends Columns>(
  path: string,
  columns: C,
  rows: Iterable<Row<C>> | AsyncIterable<Row<C>>,
  signal?: AbortSignal,
): Promise<number> {
  const aside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    await mkdir(dirname(path), { recursive: true });
    const count = await fillTable(connection, columns, rows, signal);
    await connection.run(`COPY rows TO ${quoted(aside)} (FORMAT parquet, COMPRESSION zstd)`);
    await flush(aside);
    await rename(aside, path);
    return count;
  } catch (error) {
    await rm(aside, { force: true });
    throw explainFileError(withSystemCode(error), path);
  } finally {
    connection.closeSync();
  }
}

let database: Promise<DuckDBInstance> | undefined;

/**
 * Runs SQL over Parquet files (`read_parquet($path)`) with named parameters and checks every row. NULL cells are absent
 * from a row, whole numbers are plain numbers. Names and paths go into `parameters`, never into `sql`.
 */
export async function query<S extends z.ZodType>(
  sql: string,
  parameters: Readonly<Record<string, string | number | boolean>>,
  row: S,
): Promise<z.infer<S>[]> {
  database ??= DuckDBInstance.create(':memory:');
  const connection = await (await database).connect();
  try {
    const reader = await connection.runAndReadAll(sql, { ...parameters });
    return reader.getRowObjectsJS().map((cells) => row.parse(withoutNulls(cells)));
  } catch (error) {
    throw new EnvironmentError(
      `A table of the snapshot cannot be read (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : error}). Run \`pairlab index\` again.`,
      error,
    );
  } finally {
    connection.closeSync();
  }
}

async function fillTable<C extends Columns>(
  connection: DuckDBConnection,
  columns: C,
  rows: Iterable<Row<C>> | AsyncIterable<Row<C>>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const names: (keyof C & string)[] = Object.keys(columns);
  const types = names.map((name) => TYPES[columns[name] ?? 'text']);
  const definitions = names.map((name, column) => `"${name}" ${types[column]}`);
  await connection.run(`CREATE TABLE rows (${definitions.join(', ')})`);
  const appender = await connection.createAppender('rows');
  let waiting: DuckDBValue[][] = [];
  let count = 0;
  const flushChunk = (): void => {
    throwIfCancelled(signal);
    const chunk = DuckDBDataChunk.create(types, waiting.length);
    chunk.setRows(waiting);
    appender.appendDataChunk(chunk);
    waiting = [];
  };
  for await (const row of rows) {
    waiting.push(names.map((name) => toValue(row[name], columns[name] ?? 'text')));
    count++;
    if (waiting.length === ROWS_PER_CHUNK) flushChunk();
  }
  if (waiting.length > 0) flushChunk();
  appender.closeSync();
  return count;
}

function toValue(cell: Cell, type: ColumnType): DuckDBValue {
  if (cell === undefined) return null;
  if (typeof cell === 'object') return listValue([...cell]);
  return type === 'count' ? BigInt(Math.trunc(Number(cell))) : cell;
}

function withoutNulls(cells: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(cells)) {
    if (value !== null) row[name] = typeof value === 'bigint' ? Number(value) : value;
  }
  return row;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
}

/** DuckDB tells a full disk in prose only. */
function withSystemCode(error: unknown): unknown {
  const full = error instanceof Error && error.message.includes('No space left on device');
  return full ? Object.assign(error, { code: 'ENOSPC' }) : error;
}
