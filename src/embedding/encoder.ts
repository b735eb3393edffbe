import { mapConcurrently } from '../base/concurrency.ts';
import { InputError } from '../base/errors.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { ItemRow } from '../dataset/snapshot.ts';
import type { DecoderPool } from '../decoding/decoderPool.ts';
import type { Modality } from '../protocol.ts';

const SEED = 0;

/** How one kind of media becomes vectors. `Media` is what is kept of one item: small, whatever the file's size. */
export interface EncoderDefinition<Media> {
  readonly name: string;
  /** Raised whenever the same item would get another vector, so that stored vectors are computed again. */
  readonly version: number;
  readonly modality: Modality;
  /** Throws `InputError` when the item cannot be read. */
  read(item: ItemRow, decoders: DecoderPool): Promise<Media>;
  /** Learns from a sample, which is never empty. The same sample and random sequence give the same projection. */
  fit(sample: readonly Media[], random: Random, signal?: AbortSignal): Promise<Projection<Media>>;
}

/** What fitting gives: media → vector. */
export interface Projection<Media> {
  readonly dimensions: number;
  apply(media: Media): Float32Array;
}

/** An encoder, whatever it keeps of its media. */
export interface Encoder {
  readonly name: string;
  readonly version: number;
  readonly modality: Modality;
  fit(items: readonly ItemRow[], decoders: DecoderPool, job: Job): Promise<FittedEncoder>;
}

export interface FittedEncoder {
  readonly dimensions: number;
  /** Throws `InputError` when the item cannot be read. */
  encode(item: ItemRow): Promise<Float32Array>;
}

/** Binds a definition to items: reads the sample, fits, and encodes without reading a sampled item twice. */
export function createEncoder<Media>(definition: EncoderDefinition<Media>): Encoder {
  const { name, version, modality } = definition;
  return {
    name,
    version,
    modality,
    async fit(items, decoders, { progress, signal }) {
      const kept = new Map<string, Media>();
      let done = 0;
      await mapConcurrently(
        items,
        decoders.concurrency,
        async (item) => {
          const media = await readIfPossible(definition, item, decoders);
          if (media !== undefined) kept.set(item.id, media);
          progress?.({ stage: `reading ${modality} items`, done: ++done, total: items.length });
        },
        signal,
      );
      const sample = items.flatMap(({ id }) => {
        const media = kept.get(id);
        return media === undefined ? [] : [media];
      });
      if (sample.length === 0) {
        throw new InputError(
          `None of the ${items.length} ${modality} items can be read, so they cannot be encoded. ` +
            'Look at the problems of the dataset (`pairlab index`).',
        );
      }
      const { dimensions, apply } = await definition.fit(sample, Random.of(SEED, `encoder ${name}`), signal);
      return {
        dimensions,
        encode: async (item) => apply(kept.get(item.id) ?? (await definition.read(item, decoders))),
      };
    },
  };
}

/** An unreadable item teaches nothing; it is named when its turn to be encoded comes. */
async function readIfPossible<Media>(
  { read }: EncoderDefinition<Media>,
  item: ItemRow,
  decoders: DecoderPool,
): Promise<Media | undefined> {
  try {
    return await read(item, decoders);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
