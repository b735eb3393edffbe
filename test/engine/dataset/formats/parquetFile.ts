import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** Writes the rows of a query as a Parquet file. `options` are those of DuckDB's COPY. */
export async function writeParquetFile(path: string, sql: string, options = ''): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    await connection.run(`COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet${options})`);
  } finally {
    connection.closeSync();
  }
}
