import { join, posix } from 'node:path';
import * as z from 'zod';
import { readTextIfThere } from '../../base/files.ts';
import type { Staging } from '../staging.ts';
import type { ShardFile } from './shardPattern.ts';

const State = z.object({ _data_files: z.array(z.object({ filename: z.string() })) });
const NOTES = ['dataset_dict.json', 'dataset_info.json', 'state.json', 'dataset_infos.json'];

/**
 * The files that `datasets.save_to_disk` writes beside its tables are the layout's own; a table that `state.json` lists
 * but that is not there becomes a problem.
 */
export async function claimSavedDataset(
  staging: Staging,
  tables: readonly ShardFile[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const there = new Set(tables.map(({ path }) => path));
  const folders = new Set(tables.flatMap(({ path }) => [posix.dirname(path), posix.dirname(posix.dirname(path))]));
  const files = await staging.database.query(
    `SELECT path FROM files WHERE regexp_extract(path, '[^/]*$') IN (${NOTES.map((name) => `'${name}'`).join(', ')})`,
    {},
    z.object({ path: z.string() }),
    signal,
  );
  for (const { path } of files) {
    const folder = posix.dirname(path);
    if (!folders.has(folder)) continue;
    staging.claim(path);
    if (posix.basename(path) !== 'state.json') continue;
    for (const name of await listedFiles(join(staging.root, path))) {
      const listed = posix.join(folder, name);
      if (there.has(listed)) continue;
      const sentence = `${path} lists ${listed}, which is not there or does not fit the pattern: copy it, or correct "files".`;
      staging.problem({ kind: 'missing-file', severity: 'error', where: path, sentence, items: [] });
    }
  }
}

async function listedFiles(path: string): Promise<string[]> {
  try {
    const state = State.parse(JSON.parse((await readTextIfThere(path)) ?? ''));
    return state._data_files.map(({ filename }) => filename);
  } catch {
    // Without a state that can be read, the tables that are there are all that is known.
    return [];
  }
}
