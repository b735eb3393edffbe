import { availableParallelism } from 'node:os';
import { breathe, mapConcurrently } from '../base/concurrency.ts';
import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { ItemRow, Snapshot } from '../dataset/snapshot.ts';
import { DecoderPool } from '../decoding/decoderPool.ts';
import type { Modality } from '../protocol.ts';
import { type EmbeddingSet, readEmbeddingSet, storeEmbeddingSet } from './embeddingSet.ts';
import { type EncodedItems, withoutFailed } from './encodedItems.ts';
import type { Encoder, FittedEncoder } from './encoder.ts';
import { logMel } from './logMel.ts';
import { ngrams } from './ngrams.ts';
import { patches } from './patches.ts';
import { readVectors, VECTORS } from './vectors.ts';

/** The built-in encoder of each modality. */
const ENCODERS: Readonly<Record<Modality, Encoder>> = { image: patches, audio: logMel, text: ngrams };

/** An encoder is fitted on at most this many items. */
const FITTED_ITEMS = 5000;
const TRAIN_SPLIT = /^(meta-?)?train(ing)?$/i;

/** What the items of a modality are encoded by: vectors of the dataset itself by {@link VECTORS}. */
export async function encoderOf(snapshot: Snapshot, modality: Modality): Promise<{ name: string; version: number }> {
  return (await snapshot.holdsVectors(modality)) ? VECTORS : ENCODERS[modality];
}

/** The stored embedding set when it fits the snapshot and the encoder, else a new one by {@link encodeSnapshot}. */
export async function embeddingsOf(snapshot: Snapshot, modality: Modality, job: Job = {}): Promise<EmbeddingSet> {
  const encoder = { modality, ...(await encoderOf(snapshot, modality)) };
  const stored = await readEmbeddingSet(snapshot.dataset, contentsOf(snapshot, modality), encoder);
  return stored ?? (await encodeSnapshot(snapshot, modality, job));
}

/**
 * The embedding set of the items of a modality that can be read. Items that are vectors of the dataset are taken as they
 * are, each time anew ({@link readVectors}). For media the built-in encoder is fitted on the train split (on all items when
 * there is none), and the result is stored below the dataset's folder. The same snapshot gives the same vectors. An item
 * that cannot be read gets no vector and is named in `unreadable`. Throws `InputError` when there is nothing to encode.
 */
export async function encodeSnapshot(snapshot: Snapshot, modality: Modality, job: Job = {}): Promise<EmbeddingSet> {
  const items = await snapshot.items(modality);
  if (items.length === 0) {
    throw new InputError(`${snapshot.dataset.name} has no readable ${modality} items, so there is nothing to encode.`);
  }
  const { name, version } = await encoderOf(snapshot, modality);
  const set = {
    modality,
    encoder: name,
    version,
    contents: contentsOf(snapshot, modality),
    created: new Date().toISOString(),
  };
  if (name === VECTORS.name) return { ...set, fitted: { items: 0 }, ...(await readVectors(items, modality, job)) };
  const { sample, split } = fittingSample(items);
  const fitted = { items: sample.length, ...(split !== undefined && { split }) };
  const encoded = { ...set, fitted, ...(await fitAndEncode(sample, items, modality, job)) };
  await storeEmbeddingSet(snapshot.dataset, encoded);
  return encoded;
}

function contentsOf({ summary }: Snapshot, modality: Modality): string {
  return summary.contents[modality] ?? '';
}

async function fitAndEncode(
  sample: readonly ItemRow[],
  items: readonly ItemRow[],
  modality: Modality,
  job: Job,
): Promise<EncodedItems> {
  // Fitting and encoding keep a core busy by themselves.
  const decoders = new DecoderPool({ processes: Math.max(1, availableParallelism() - 1), signal: job.signal });
  try {
    const fitted = await ENCODERS[modality].fit(sample, decoders, job);
    return await encodeItems(items, fitted, decoders.concurrency, modality, job);
  } finally {
    await decoders.close();
  }
}

/** The items to learn from: of the train split when there is one, a seeded sample when there are too many. */
function fittingSample(items: readonly ItemRow[]): { sample: readonly ItemRow[]; split?: string } {
  const split = items.find((item) => item.split !== undefined && TRAIN_SPLIT.test(item.split))?.split;
  const candidates = split === undefined ? items : items.filter((item) => item.split === split);
  const sample =
    candidates.length <= FITTED_ITEMS
      ? candidates
      : Random.of(0, 'items an encoder is fitted on').sample(candidates, FITTED_ITEMS);
  return split === undefined ? { sample } : { sample, split };
}

async function encodeItems(
  items: readonly ItemRow[],
  { dimensions, encode }: FittedEncoder,
  concurrency: number,
  modality: Modality,
  { progress, signal }: Job,
): Promise<EncodedItems> {
  const all = new Float32Array(items.length * dimensions);
  const sentences = new Map<ItemRow, string>();
  let done = 0;
  await mapConcurrently(
    items,
    concurrency,
    async (item, index) => {
      try {
        all.set(await encode(item), index * dimensions);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        sentences.set(item, error.message);
      }
      await breathe(signal);
      progress?.({ stage: `encoding ${modality} items`, done: ++done, total: items.length });
    },
    signal,
  );
  return withoutFailed(items, all, dimensions, sentences);
}
