import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import type { Modality } from '../protocol.ts';
import { type EmbeddingSet, readEmbeddingSet, storeEmbeddingSet } from './embeddingSet.ts';
import type { EncoderChoice } from './encoderChoice.ts';
import { defaultSource, sourceOf } from './sourceOf.ts';
import type { VectorSource } from './vectorSource.ts';

/** A job, and by what to encode. */
export type EncodeJob = Job & EncoderChoice;

/** What the items of a modality are encoded by when nothing else is asked for. */
export async function encoderOf(snapshot: Snapshot, modality: Modality): Promise<{ name: string; version: number }> {
  const { name, version } = await defaultSource(snapshot, modality);
  return { name, version };
}

/**
 * The stored embedding set when it fits the snapshot and the encoder, else a new one as by {@link encodeSnapshot}. A set
 * of a model or of arrays that are no longer there fits as long as the items are the same.
 */
export async function embeddingsOf(snapshot: Snapshot, modality: Modality, job: EncodeJob = {}): Promise<EmbeddingSet> {
  const source = await sourceOf(snapshot, modality, job);
  const stored = await readEmbeddingSet(snapshot.dataset, contentsOf(snapshot, modality), modality, source);
  if (stored === undefined) return await encodeBy(source, snapshot, modality, job);
  if (job.space === undefined || job.space === stored.space) return stored;
  const renamed = { ...stored, space: job.space };
  await storeEmbeddingSet(snapshot.dataset, renamed);
  return renamed;
}

/**
 * The embedding set of the items of a modality that can be read, computed anew and stored below the dataset's folder.
 * Items that are vectors of the dataset are taken as they are and not stored. A built-in encoder is fitted on the train
 * split (on all items when there is none); the same snapshot gives the same vectors. An item that cannot be read gets no
 * vector and is named in `unreadable`. Throws `InputError` when there is nothing to encode, or no such encoder.
 */
export async function encodeSnapshot(
  snapshot: Snapshot,
  modality: Modality,
  job: EncodeJob = {},
): Promise<EmbeddingSet> {
  return await encodeBy(await sourceOf(snapshot, modality, job), snapshot, modality, job);
}

async function encodeBy(
  source: VectorSource,
  snapshot: Snapshot,
  modality: Modality,
  { space, ...job }: EncodeJob,
): Promise<EmbeddingSet> {
  const items = await snapshot.items(modality);
  if (items.length === 0) {
    throw new InputError(`${snapshot.dataset.name} has no readable ${modality} items, so there is nothing to encode.`);
  }
  const encoded = await source.encode({ snapshot, modality, items }, job);
  const set: EmbeddingSet = {
    modality,
    encoder: source.name,
    version: source.version,
    contents: contentsOf(snapshot, modality),
    created: new Date().toISOString(),
    ...(source.origin !== undefined && { origin: source.origin }),
    ...(source.space !== undefined && { space: source.space }),
    ...encoded,
    ...(space !== undefined && { space }),
  };
  if (source.isStored) await storeEmbeddingSet(snapshot.dataset, set);
  return set;
}

function contentsOf({ summary }: Snapshot, modality: Modality): string {
  return summary.contents[modality] ?? '';
}
