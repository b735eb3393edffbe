import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import type { Snapshot } from '../dataset/snapshot.ts';
import type { Modality } from '../protocol.ts';
import { type EmbeddingSet, readEmbeddingSet, storeEmbeddingSet } from './embeddingSet.ts';
import type { VectorSource } from './vectorSource.ts';

/** A job, and the space that a person names. */
type SpacedJob = Job & { readonly space?: string | undefined };

/** The stored embedding set when it fits the snapshot and the source, else a new one as by {@link encodeBySource}. */
export async function storedOrEncoded(
  source: VectorSource,
  snapshot: Snapshot,
  modality: Modality,
  job: SpacedJob,
): Promise<EmbeddingSet> {
  const stored = await readEmbeddingSet(snapshot.dataset, contentsOf(snapshot, modality), modality, source);
  if (stored === undefined) return await encodeBySource(source, snapshot, modality, job);
  if (job.space === undefined || job.space === stored.space) return stored;
  const renamed = { ...stored, space: job.space };
  await storeEmbeddingSet(snapshot.dataset, renamed);
  return renamed;
}

/** A new embedding set, stored unless its vectors lie in the dataset. Throws {@link InputError} when there are no items. */
export async function encodeBySource(
  source: VectorSource,
  snapshot: Snapshot,
  modality: Modality,
  { space, ...job }: SpacedJob,
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
