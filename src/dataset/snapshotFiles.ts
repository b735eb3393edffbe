import { copyFile, link, mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { mapConcurrently } from '../base/concurrency.ts';
import type { Database } from '../base/database.ts';
import { errorCode, explainFileError } from '../base/errors.ts';
import {
  exists,
  isUnfinished,
  namesIn,
  readJson,
  removeUnfinished,
  unfinishedPath,
  writeAtomically,
  writeJson,
} from '../base/files.ts';
import { copyToParquet } from '../base/table.ts';
import { SnapshotSummary } from '../protocol.ts';
import type { Dataset } from './config.ts';

const KEPT = 3;
/** Tables written at once: one while the largest is sorted. */
const AT_ONCE = 2;

export function snapshotFolder(dataset: Dataset, id: string): string {
  return join(dataset.folder, 'snapshots', id);
}

/** What snapshot.json says; `undefined` when there is no such snapshot. */
export async function readSummary(dataset: Dataset, id: string): Promise<SnapshotSummary | undefined> {
  return await readJson(join(snapshotFolder(dataset, id), 'snapshot.json'), SnapshotSummary);
}

/**
 * The three tables of a snapshot, each as a query over the staging whose rows are in the order in which they are shown, or
 * as the file of another snapshot that holds the same.
 */
export interface SnapshotTables {
  readonly items: SnapshotTable;
  readonly pairs: SnapshotTable;
  readonly problems: SnapshotTable;
}
export type SnapshotTable = string | { readonly file: string };

/** Where a table of a snapshot lies. */
export function tableFile(dataset: Dataset, id: string, table: keyof SnapshotTables): string {
  return join(snapshotFolder(dataset, id), `${table}.parquet`);
}

/**
 * Writes a snapshot aside, renames it and makes it the current one; a snapshot that is already there stays as it is.
 * Removes what killed runs left and all but the newest snapshots. Returns the summary that is stored.
 */
export async function writeSnapshot(
  dataset: Dataset,
  summary: SnapshotSummary,
  database: Database,
  tables: SnapshotTables,
  signal?: AbortSignal,
): Promise<SnapshotSummary> {
  const snapshots = join(dataset.folder, 'snapshots');
  const target = snapshotFolder(dataset, summary.id);
  const aside = unfinishedPath(target);
  try {
    await removeUnfinished(snapshots);
    await removeUnfinished(dataset.folder);
    if (!(await exists(target))) {
      await mkdir(aside, { recursive: true });
      await mapConcurrently(Object.entries(tables), AT_ONCE, ([name, table]: [string, SnapshotTable]) =>
        writeTable(database, table, join(aside, `${name}.parquet`), signal),
      );
      await writeJson(join(aside, 'snapshot.json'), summary);
      await renameUnlessThere(aside, target);
    }
    await writeAtomically(join(dataset.folder, 'current'), `${summary.id}\n`);
    await utimes(target, new Date(), new Date());
    await removeOld(snapshots, summary.id);
    return (await readSummary(dataset, summary.id)) ?? summary;
  } catch (error) {
    throw explainFileError(error, aside);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function writeTable(
  database: Database,
  table: SnapshotTable,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (typeof table === 'string') {
    await database.beside((own) => copyToParquet(own, table, path, { signal, compression: 'snappy' }));
  } else {
    // Snapshots never change, so that two may share a file; not every file system lets them.
    await link(table.file, path).catch(() => copyFile(table.file, path));
  }
}

/** Two runs may finish the same snapshot at once: either copy will do. */
async function renameUnlessThere(aside: string, target: string): Promise<void> {
  try {
    await rename(aside, target);
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
  }
}

async function removeOld(snapshots: string, current: string): Promise<void> {
  const names = (await namesIn(snapshots)).filter((name) => !isUnfinished(name) && name !== current);
  const aged = await Promise.all(
    names.map(async (name) => ({ name, changed: (await stat(join(snapshots, name))).mtimeMs })),
  );
  const old = aged.sort((a, b) => b.changed - a.changed).slice(KEPT - 1);
  for (const { name } of old) await rm(join(snapshots, name), { recursive: true, force: true });
}
