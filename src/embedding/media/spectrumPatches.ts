import { BANDS, melSpectrogram } from '../melSpectrogram.ts';
import type { MediaEncoding } from './mediaEncoding.ts';
import { cutIntoPatches, patchShape, SIZE } from './patchGrid.ts';
import { gatherFrames } from './soundFrames.ts';

/**
 * Sounds as pictures of their mel spectrograms, 36 × 36 in one channel, cut into the same patches as pictures are: time
 * from left to right in 36 equal parts, pitch from the bottom to the top; decibels brought to [−1, 1].
 */
export const spectrumPatches: MediaEncoding = {
  name: 'spectrum-patches',
  version: 1,
  modality: 'audio',
  shape: patchShape(1),
  async encode(item, decoders) {
    const { samples, sampleRate } = await decoders.sound(item.location);
    return cutIntoPatches(drawSpectrum(gatherFrames(melSpectrogram(samples, sampleRate), SIZE)));
  },
};

/** From 36 frames × 40 bands to 36 × 36: between two bands the number goes in a straight line. */
export function drawSpectrum(frames: Float32Array): Float32Array {
  const picture = new Float32Array(SIZE * SIZE);
  for (let row = 0; row < SIZE; row++) {
    const pitch = ((SIZE - 1 - row) * (BANDS - 1)) / (SIZE - 1);
    const below = Math.min(BANDS - 2, Math.floor(pitch));
    const share = pitch - below;
    for (let column = 0; column < SIZE; column++) {
      const [low = 0, high = 0] = frames.subarray(column * BANDS + below, column * BANDS + below + 2);
      picture[row * SIZE + column] = (1 - share) * low + share * high;
    }
  }
  return picture;
}
