import type { MediaEncoding } from './mediaEncoding.ts';
import { cutIntoPatches, patchShape, SIZE } from './patchGrid.ts';

/** Pictures, stretched to 36 × 36 RGB, as 6 × 6 patches of 6 × 6 pixels; numbers in [−1, 1]. */
export const picturePatches: MediaEncoding = {
  name: 'pixels',
  version: 1,
  modality: 'image',
  shape: patchShape(3),
  encode: async (item, decoders) => cutIntoPatches(brightness(await decoders.image(item.location, SIZE))),
};

/** From bytes to [−1, 1]. No byte becomes 0, so that no patch looks like padding. */
export function brightness(pixels: Uint8Array): Float32Array {
  return Float32Array.from(pixels, (byte) => byte / 127.5 - 1);
}
