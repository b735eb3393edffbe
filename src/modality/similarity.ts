import type { Modality } from '../protocol.ts';
import { soundSimilarity } from './audio/fingerprint.ts';
import { pictureSimilarity } from './image/perceptualHash.ts';
import { textSimilarity } from './text/shingles.ts';

/**
 * Items of one modality are near-duplicates from this similarity on.
 *
 * Pictures: at most 6 of the 64 bits of the hash differ, and no part differs by more than two of 15 steps in its mean
 * colour: what coding, resizing and a little noise do. Sounds: 0.8 of the bits are equal; coding leaves more than that,
 * unrelated sounds reach 0.75 at most. Texts: 0.8 of the shingles are shared, as when one word of thirty is changed.
 */
export const NEAR: Readonly<Record<Modality, number>> = { image: 1 - 6 / 64, audio: 0.8, text: 0.8 };

const SIMILARITIES = { image: pictureSimilarity, audio: soundSimilarity, text: textSimilarity };

/**
 * How alike two items are by the signatures of their features, in [0, 1]; 1 is the same. Less than `atLeast` may be given
 * as 0: most pairs that are compared are far from it, and this is seen at once.
 */
export function similarity(modality: Modality, a: string, b: string, atLeast = 0): number {
  return SIMILARITIES[modality](a, b, atLeast);
}
