import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Database } from '../../base/database.ts';
import { copyToParquet } from '../../base/table.ts';
import type { Exporter } from './export.ts';
import { manifestColumns, manifestRows } from './manifest.ts';

const MEGABYTES = 256;

/** `pairs.parquet`, the columns of the other tables. */
export const parquet: Exporter = {
  name: 'parquet',
  summary: 'a table pairs.parquet',
  media: ['refer', 'copy', 'link'],
  write: async (source, folder, _settings, job) => {
    const scratch = `${folder.path}.rows.tmp`;
    const database = await Database.open({ folder: scratch, megabytes: MEGABYTES });
    try {
      await database.createTable('rows', manifestColumns(source));
      for await (const row of manifestRows(source, folder, job)) database.append('rows', row);
      database.flush();
      await copyToParquet(database, 'SELECT * FROM rows', join(folder.path, 'pairs.parquet'), { signal: job.signal });
    } finally {
      database.close();
      await rm(scratch, { recursive: true, force: true });
    }
  },
};
