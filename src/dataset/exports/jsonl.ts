import { join } from 'node:path';
import type { Exporter } from './export.ts';
import { manifestColumns, manifestRows } from './manifest.ts';
import { TextFile } from './textFile.ts';

/** `pairs.jsonl`: an object a line; what a row does not have is left out. */
export const jsonl: Exporter = {
  name: 'jsonl',
  summary: 'JSON Lines pairs.jsonl',
  media: ['refer', 'copy', 'link'],
  write: async (source, folder, _settings, job) => {
    const columns = Object.keys(manifestColumns(source));
    const file = await TextFile.create(join(folder.path, 'pairs.jsonl'));
    try {
      for await (const row of manifestRows(source, folder, job)) await file.line(JSON.stringify(row, columns));
      await file.end();
    } finally {
      await file.close();
    }
  },
};
