import { join } from 'node:path';
import * as z from 'zod';
import { PairLabError } from '../base/errors.ts';
import { readJson, writeJson } from '../base/files.ts';
import { readNpy, writeNpy } from '../base/npy.ts';
import type { Dataset } from '../dataset/config.ts';
import { VectorFault } from '../dataset/formats/vectorItems.ts';
import { Modality } from '../protocol.ts';
import { putFolder, readIds, writeIds } from './setFolder.ts';

/** An item of the snapshot that has no vector, and why; `fault` where there is one that says nothing. */
export const UnreadableItem = z.object({ item: z.string(), sentence: z.string(), fault: VectorFault.exactOptional() });
export type UnreadableItem = z.infer<typeof UnreadableItem>;

/** Files from which vectors come. */
const Origin = z.object({
  kind: z
    .enum(['model', 'run', 'arrays'])
    .describe('a folder with an ONNX model, the folder of a run, or arrays that other programs computed'),
  path: z.string().describe('absolute path of the folder or file'),
  array: z.string().exactOptional(),
  ids: z.string().exactOptional(),
  fingerprint: z.string().describe('names the state of the files: their names, sizes and times of change'),
});
export type Origin = z.infer<typeof Origin>;

/** `embedding.json`: what the vectors beside it are. */
const EmbeddingRecord = z.object({
  modality: Modality,
  encoder: z.string(),
  version: z.number(),
  /** Names the items that were encoded: `contents` of the snapshot's summary. */
  contents: z.string(),
  dimensions: z.number(),
  /** ISO 8601. */
  created: z.string(),
  /** How many items the encoder was fitted on, and the split they are of. */
  fitted: z.object({ items: z.number(), split: z.string().optional() }),
  /** Items of the snapshot that have no vector, because they could not be read. */
  unreadable: z.array(UnreadableItem),
  /** Absent for a built-in encoder. */
  origin: Origin.exactOptional(),
  /** Sets of one space are directly comparable. */
  space: z.string().exactOptional(),
  /** What a person should know about the vectors, a sentence each. */
  notes: z.array(z.string()).exactOptional(),
});
export type EmbeddingRecord = z.infer<typeof EmbeddingRecord>;

/** The vectors of one modality of one snapshot by one encoder: `vectors` is rows × `dimensions`, row i of item `ids[i]`, in shared memory. */
export interface EmbeddingSet extends EmbeddingRecord {
  readonly ids: string[];
  readonly vectors: Float32Array;
}

/** Writes vectors.npy, ids.parquet and embedding.json. */
export async function storeEmbeddingSet(dataset: Dataset, set: EmbeddingSet): Promise<void> {
  const { ids, vectors, ...record } = set;
  await putFolder(folderOf(dataset, set.modality, set.encoder), async (aside) => {
    await writeNpy(join(aside, 'vectors.npy'), ids.length, set.dimensions, [vectors]);
    await writeIds(aside, ids);
    await writeJson(join(aside, 'embedding.json'), record);
  });
}

/**
 * The stored set that fits the snapshot and this version of the encoder; `undefined` when there is none, or when it is
 * damaged: an embedding set can always be computed again.
 */
export async function readEmbeddingSet(
  dataset: Dataset,
  contents: string,
  modality: Modality,
  { name, version, origin }: { name: string; version: number; origin?: Origin },
): Promise<EmbeddingSet | undefined> {
  const folder = folderOf(dataset, modality, name);
  const record = await readEmbeddingRecord(dataset, modality, name);
  if (record?.contents !== contents || record.version !== version) return undefined;
  if (record.origin?.fingerprint !== origin?.fingerprint) return undefined;
  try {
    const { rows, columns, data } = await readNpy(join(folder, 'vectors.npy'));
    const ids = await readIds(folder);
    if (ids.length !== rows || record.dimensions !== columns) return undefined;
    return { ...record, ids, vectors: data };
  } catch (error) {
    if (error instanceof PairLabError) return undefined;
    throw error;
  }
}

/** What is stored under the name of an encoder, whatever it fits; `undefined` when there is nothing or it is damaged. */
export async function readEmbeddingRecord(
  dataset: Dataset,
  modality: Modality,
  name: string,
): Promise<EmbeddingRecord | undefined> {
  try {
    return await readJson(join(folderOf(dataset, modality, name), 'embedding.json'), EmbeddingRecord);
  } catch (error) {
    if (error instanceof PairLabError) return undefined;
    throw error;
  }
}

/** Where the embedding sets of a dataset lie. */
export function embeddingsFolder(dataset: Dataset): string {
  return join(dataset.folder, 'embeddings');
}

function folderOf(dataset: Dataset, modality: Modality, encoder: string): string {
  return join(embeddingsFolder(dataset), `${modality}-${encoder}`);
}
