import type { ItemRow } from '../../dataset/snapshot.ts';
import type { DecoderPool } from '../../decoding/decoderPool.ts';
import type { Modality } from '../../protocol.ts';

/**
 * What networks see of an item: its vector; its media as tokens of its modality's own; or patches of a picture, which of a
 * sound is that of its spectrogram.
 */
export const inputKinds = ['embeddings', 'media', 'patches'] as const;
export type InputKind = (typeof inputKinds)[number];
/** Those that are arrays of tokens. */
export type MediaInputs = Exclude<InputKind, 'embeddings'>;

/** How the media of one modality become arrays of tokens that a network sees: nothing about them is learnt. */
export interface MediaEncoding {
  readonly name: string;
  /** Raised whenever the same item would give another array. */
  readonly version: number;
  readonly modality: Modality;
  /** Of an item's array: [tokens, width], or [rows, columns, width] of tokens in a grid. */
  readonly shape: readonly number[];
  /** Row-major. A token that is zero all over is padding. Throws `InputError` when the item cannot be read. */
  encode(item: ItemRow, decoders: DecoderPool): Promise<Float32Array>;
}
