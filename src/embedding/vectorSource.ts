import type { Job } from '../base/progress.ts';
import type { ItemRow, Snapshot } from '../dataset/snapshot.ts';
import type { Modality } from '../protocol.ts';
import type { EmbeddingRecord, Origin } from './embeddingSet.ts';
import type { EncodedItems } from './encodedItems.ts';

/** The vectors of items, and what there is to say about them. */
export type Encoded = EncodedItems & Pick<EmbeddingRecord, 'fitted' | 'space' | 'notes'>;

/** Items to encode: all readable ones of a modality of a snapshot, of which there is at least one. */
export interface Encoding {
  readonly snapshot: Snapshot;
  readonly modality: Modality;
  readonly items: readonly ItemRow[];
}

/** Whatever gives vectors to items. */
export interface VectorSource {
  /** Of the embedding set. */
  readonly name: string;
  /** Raised whenever the same item would get another vector. */
  readonly version: number;
  /** Where the vectors come from, unless they come from PairLab or the dataset itself. */
  readonly origin?: Origin;
  /** False for vectors that lie in the dataset already. */
  readonly isStored: boolean;
  /** The space that a person gave its vectors. */
  readonly space?: string | undefined;
  /** Throws `InputError` when there is no vector at all. */
  encode(encoding: Encoding, job: Job): Promise<Encoded>;
}
