import type { MediaEncoding } from './mediaEncoding.ts';

/** Pixels along a side of a patch. */
const PATCH = 6;
/** Patches along a side of a picture. */
const GRID = 6;
const SIZE = PATCH * GRID;
const CHANNELS = 3;

/** Pictures, stretched to 36 × 36 RGB, as 6 × 6 patches of 6 × 6 pixels; numbers in [−1, 1]. */
export const picturePatches: MediaEncoding = {
  name: 'pixels',
  version: 1,
  modality: 'image',
  shape: [GRID, GRID, PATCH * PATCH * CHANNELS],
  encode: async (item, decoders) => cutIntoPatches(await decoders.image(item.location, SIZE)),
};

/** From 36 × 36 × 3 bytes to patches, both row-major; within a patch: row, column, channel. No number becomes 0. */
export function cutIntoPatches(pixels: Uint8Array): Float32Array {
  const patches = new Float32Array(pixels.length);
  const line = PATCH * CHANNELS;
  let at = 0;
  for (let patch = 0; patch < GRID * GRID; patch++) {
    const [top, left] = [PATCH * Math.floor(patch / GRID), PATCH * (patch % GRID)];
    for (let row = top; row < top + PATCH; row++) {
      const start = (row * SIZE + left) * CHANNELS;
      for (const byte of pixels.subarray(start, start + line)) patches[at++] = byte / 127.5 - 1;
    }
  }
  return patches;
}
