import { join } from 'node:path';
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
      await file.line(columns.join(','));
      for await (const row of manifestRows(source, folder, job)) {
        await file.line(columns.map((column) => cell(row[column])).join(','));
      }
      await file.end();
    } finally {
      await file.close();
    }
  },
};

function cell(value: string | number | undefined): string {
  const text = String(value ?? '');
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
