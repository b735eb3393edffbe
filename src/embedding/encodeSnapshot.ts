import type { Job } from '../base/progress.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import type { Modality } from '../protocol.ts';
import type { EmbeddingSet } from './embeddingSet.ts';
import { encodeBySource, storedOrEncoded } from './encodeBySource.ts';
import type { EncoderChoice } from './encoderChoice.ts';
import { sourceOf } from './sourceOf.ts';

/** A job, and by what to encode. */
export type EncodeJob = Job & EncoderChoice;

/**
 * What the items of a modality are encoded by when nothing else is asked for, or what is.
 * @throws InputError when there is no such encoder.
 */
export async function encoderOf(
  snapshot: Snapshot,
  modality: Modality,
  choice: EncoderChoice = {},
): Promise<{ name: string; version: number }> {
  const { name, version } = await sourceOf(snapshot, modality, choice);
  return { name, version };
}

/**
 * The stored embedding set when it fits the snapshot and the encoder, else a new one as by {@link encodeSnapshot}. A set
 * of a model, a run or arrays that are no longer there fits as long as the items are the same.
 */
export async function embeddingsOf(snapshot: Snapshot, modality: Modality, job: EncodeJob = {}): Promise<EmbeddingSet> {
  return await storedOrEncoded(await sourceOf(snapshot, modality, job), snapshot, modality, job);
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
  return await encodeBySource(await sourceOf(snapshot, modality, job), snapshot, modality, job);
}
