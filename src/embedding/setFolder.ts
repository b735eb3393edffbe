import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { errorCode, explainFileError } from '../base/errors.ts';
import { unfinishedPath } from '../base/files.ts';
import { query, writeParquet } from '../base/table.ts';

/** Fills a folder aside and then puts it in place as a whole, also in the place of an older one. */
export async function putFolder(folder: string, fill: (aside: string) => Promise<void>): Promise<void> {
  const aside = unfinishedPath(folder);
  try {
    await mkdir(aside, { recursive: true });
    await fill(aside);
    await replaceFolder(aside, folder);
  } catch (error) {
    throw explainFileError(error, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Writes ids.parquet, which says of which item each row of the array beside it is. */
export async function writeIds(folder: string, ids: readonly string[]): Promise<void> {
  const rows = ids.map((id, row) => ({ row, id }));
  await writeParquet(join(folder, 'ids.parquet'), { row: 'integer', id: 'text' }, rows);
}

export async function readIds(folder: string): Promise<string[]> {
  const path = join(folder, 'ids.parquet');
  const rows = await query('SELECT id FROM read_parquet($path) ORDER BY row', { path }, z.object({ id: z.string() }));
  return rows.map(({ id }) => id);
}

/**
 * Puts `fresh` where `target` is. Between the two renames there is no folder, which a reader takes for "not computed
 * yet"; a folder that another process put there in that moment is replaced as well.
 */
async function replaceFolder(fresh: string, target: string): Promise<void> {
  const old = `${fresh}.old`;
  for (;;) {
    try {
      await rename(target, old);
      await rm(old, { recursive: true, force: true });
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
    try {
      return await rename(fresh, target);
    } catch (error) {
      if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
    }
  }
}
