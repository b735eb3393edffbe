import * as z from 'zod';
import type { Database } from '../../base/database.ts';

/** Lists of so many ids lie in memory at once, and of one whole group. */
const ITEMS_PER_BATCH = 100_000;

/** In SQL, a column of a table of groups: the number of the batch that a whole group belongs to. */
export function batchOf(group: string): string {
  return `(rank() OVER (ORDER BY ${group})) // ${ITEMS_PER_BATCH} AS batch`;
}

/** Runs a statement over the groups of a table for each `$batch`: the lists of a million ids would not fit into memory. */
export async function runInBatches(
  database: Database,
  table: string,
  statement: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const sql = `SELECT DISTINCT batch FROM ${table} ORDER BY batch`;
  for (const { batch } of await database.query(sql, {}, z.object({ batch: z.number() }), signal)) {
    await database.run(statement, { batch }, signal);
  }
}
