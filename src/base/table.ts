import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type * as z from 'zod';
import { type Columns, Database, literal, type Parameters, type Row } from './database.ts';
import { EnvironmentError, explainFileError, throwIfCancelled } from './errors.ts';
import { unfinishedPath } from './files.ts';

const ROWS_BETWEEN_CHECKS = 2048;
/** In a column of ids, a dictionary is given up after so many values; a column of labels has fewer. */
const WRITING = {
  zstd: 'COMPRESSION zstd',
  snappy: 'COMPRESSION snappy, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 4096',
} as const;

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
  const database = await Database.open();
  try {
    await database.createTable('rows', columns);
    let count = 0;
    for await (const row of rows) {
      if (count++ % ROWS_BETWEEN_CHECKS === 0) throwIfCancelled(signal);
      database.append('rows', row);
    }
    throwIfCancelled(signal);
    database.flush();
    await copyToParquet(database, 'SELECT * FROM rows', path, { signal });
    return count;
  } finally {
    database.close();
  }
}

/**
 * Writes what a query gives as one Parquet file, beside the target first and then renamed; throws as {@link writeParquet}.
 * `snappy` takes half the time of `zstd`, and twice the room: for what is written anew again and again.
 */
export async function copyToParquet(
  database: Database,
  select: string,
  path: string,
  { signal, compression = 'zstd' }: { signal?: AbortSignal | undefined; compression?: 'zstd' | 'snappy' } = {},
): Promise<void> {
  const aside = unfinishedPath(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    await database.run(`COPY (${select}) TO ${literal(aside)} (FORMAT parquet, ${WRITING[compression]})`, {}, signal);
    await flush(aside);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw explainFileError(error, path);
  }
}

let shared: Promise<Database> | undefined;

/**
 * Runs SQL over Parquet files (`read_parquet($path)`) with named parameters and checks every row. NULL cells are absent
 * from a row, whole numbers are plain numbers. Names and paths go into `parameters`, never into `sql`.
 */
export async function query<S extends z.ZodType>(sql: string, parameters: Parameters, row: S): Promise<z.infer<S>[]> {
  return await queryEach(sql, parameters, row, (found) => found);
}

/** As {@link query}, of each row what is made of it: of many rows, the rows themselves are never in memory all at once. */
export async function queryEach<S extends z.ZodType, R>(
  sql: string,
  parameters: Parameters,
  row: S,
  make: (row: z.infer<S>) => R,
): Promise<R[]> {
  shared ??= Database.open();
  try {
    const made: R[] = [];
    for await (const rows of (await shared).stream(sql, parameters, row))
      for (const found of rows) made.push(make(found));
    return made;
  } catch (error) {
    throw new EnvironmentError(
      `A table of the snapshot cannot be read (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : error}). Run \`pairlab index\` again.`,
      error,
    );
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync();
  await file.close();
}
