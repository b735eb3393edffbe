import { availableParallelism } from 'node:os';
import { breathe, mapConcurrently } from '../base/concurrency.ts';
import { InputError } from '../base/errors.ts';
import { sharedZeros } from '../base/matrix.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { ItemRow } from '../dataset/snapshot.ts';
import { DecoderPool } from '../decoding/decoderPool.ts';
import type { Modality } from '../protocol.ts';
import { type EncodedItems, type Failed, withoutFailed } from './encodedItems.ts';
import type { Encoder, FittedEncoder } from './encoder.ts';
import { logMel, logMelPca } from './logMel.ts';
import { ngrams } from './ngrams.ts';
import { patches, patchesPca } from './patches.ts';
import type { VectorSource } from './vectorSource.ts';

/** The built-in encoders; the first of a modality is its default. */
const ENCODERS: readonly Encoder[] = [patches, logMel, ngrams, patchesPca, logMelPca];

/** An encoder is fitted on at most this many items. */
const FITTED_ITEMS = 5000;
const TRAIN_SPLIT = /^(meta-?)?train(ing)?$/i;

/** The built-in encoder of a modality by that name, or its default. */
export function builtInEncoder(modality: Modality, name?: string): VectorSource | undefined {
  const encoder = ENCODERS.find((known) => known.modality === modality && (name === undefined || known.name === name));
  return encoder && { name: encoder.name, version: encoder.version, isStored: true, encode: encodeBy(encoder) };
}

/** Names and versions of the built-in encoders of a modality, its default first. */
export function builtInEncoders(modality: Modality): Pick<Encoder, 'name' | 'version'>[] {
  return ENCODERS.filter((encoder) => encoder.modality === modality);
}

/** The modality of the built-in encoder of that name. */
export function modalityOfBuiltIn(name: string): Modality | undefined {
  return ENCODERS.find((encoder) => encoder.name === name)?.modality;
}

/** Fits the encoder on the train split, on all items when there is none, and encodes all items. */
function encodeBy(encoder: Encoder): VectorSource['encode'] {
  return async ({ items }, job) => {
    const { sample, split } = fittingSample(items);
    // Fitting and encoding keep a core busy by themselves.
    const decoders = new DecoderPool({ processes: Math.max(1, availableParallelism() - 1), signal: job.signal });
    try {
      const fitted = await encoder.fit(sample, decoders, job);
      const encoded = await encodeItems(items, fitted, decoders.concurrency, encoder.modality, job);
      return { fitted: { items: sample.length, ...(split !== undefined && { split }) }, ...encoded };
    } finally {
      await decoders.close();
    }
  };
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
  const all = sharedZeros(items.length, dimensions).data;
  const failed = new Map<ItemRow, Failed>();
  let done = 0;
  await mapConcurrently(
    items,
    concurrency,
    async (item, index) => {
      try {
        all.set(await encode(item), index * dimensions);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        failed.set(item, { sentence: error.message });
      }
      await breathe(signal);
      progress?.({ stage: `encoding ${modality} items`, done: ++done, total: items.length });
    },
    signal,
  );
  return withoutFailed(items, all, dimensions, failed);
}
