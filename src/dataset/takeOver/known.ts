import { type Database, identifier, literal } from '../../base/database.ts';
import { throwIfCancelled } from '../../base/errors.ts';
import type { Dataset } from '../config.ts';
import type { KnownIndex } from '../indexState.ts';
import { type SnapshotTables, tableFile } from '../snapshotFiles.ts';
import { FOUND_ITEM_COLUMNS } from '../staging.ts';

/**
 * Makes the views `known_items`, `known_pairs` and `known_problems` of the tables of a snapshot, `was` of its items whose
 * files are `changed`, and `items` of what the layout found of these. False when the tables are gone or damaged.
 */
export async function viewKnown(
  database: Database,
  dataset: Dataset,
  known: KnownIndex,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    for (const table of ['items', 'pairs', 'problems'] as const) {
      const file = literal(tableFile(dataset, known.snapshot, table));
      await database.run(`CREATE OR REPLACE VIEW known_${table} AS FROM read_parquet(${file})`);
    }
    await database.run('CREATE OR REPLACE TABLE was AS FROM known_items SEMI JOIN changed USING (path)', {}, signal);
    const columns = Object.keys(FOUND_ITEM_COLUMNS).map(identifier).join(', ');
    await database.run(`CREATE OR REPLACE TABLE items AS SELECT ${columns} FROM was`, {}, signal);
    return true;
  } catch {
    throwIfCancelled(signal);
    return false;
  }
}

/** A table of the known snapshot, for the next one to share. */
export function tableOf(dataset: Dataset, known: KnownIndex, table: keyof SnapshotTables): { readonly file: string } {
  return { file: tableFile(dataset, known.snapshot, table) };
}
