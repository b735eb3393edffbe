import { join } from 'node:path';
import { namesIn } from '../base/files.ts';
import { NPY_HEAD_BYTES, parseNpyHeader } from '../base/npy.ts';
import { RegularFile } from '../container/source.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import { Modality, type StoredSet } from '../protocol.ts';
import { embeddingsFolder, readEmbeddingRecord } from './embeddingSet.ts';

/**
 * The stored embedding sets that fit the items of the snapshot, by modality and name. Vectors of the dataset itself are
 * not among them: they are never stored. Cost: the header of each array.
 */
export async function embeddingSetsOf({ dataset, summary }: Snapshot): Promise<StoredSet[]> {
  const folder = embeddingsFolder(dataset);
  const names = (await namesIn(folder)).toSorted();
  const sets: StoredSet[] = [];
  for (const modality of Modality.options) {
    for (const entry of names.filter((known) => known.startsWith(`${modality}-`))) {
      const record = await readEmbeddingRecord(dataset, modality, entry.slice(modality.length + 1));
      const rows = rowsOf(join(folder, entry, 'vectors.npy'));
      if (record?.contents !== summary.contents[modality] || record === undefined || rows === undefined) continue;
      const { encoder: name, dimensions, created, space } = record;
      sets.push({ modality, name, dimensions, rows, created, ...(space !== undefined && { space }) });
    }
  }
  return sets;
}

function rowsOf(path: string): number | undefined {
  try {
    const file = new RegularFile(path);
    try {
      return parseNpyHeader(file.readNow(0, NPY_HEAD_BYTES), path).shape[0];
    } finally {
      file.close();
    }
  } catch {
    // A damaged set is computed again when it is wanted.
    return undefined;
  }
}
