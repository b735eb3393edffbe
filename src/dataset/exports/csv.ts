import { join } from 'node:path';
import { csvLine } from '../../base/document/csv.ts';
import type { Exporter } from './export.ts';
import { manifestColumns, manifestRows } from './manifest.ts';
import { TextFile } from './textFile.ts';

/** `pairs.csv` with a header, quoted as RFC 4180 says, in UTF-8. */
export const csv: Exporter = {
  name: 'csv',
  summary: 'a table pairs.csv',
  media: ['refer', 'copy', 'link'],
  write: async (source, folder, _settings, job) => {
    const columns = Object.keys(manifestColumns(source));
    const file = await TextFile.create(join(folder.path, 'pairs.csv'));
    try {
      await file.line(csvLine(columns));
      for await (const row of manifestRows(source, folder, job)) {
        await file.line(csvLine(columns.map((column) => row[column])));
      }
      await file.end();
    } finally {
      await file.close();
    }
  },
};
