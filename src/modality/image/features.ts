import { createHash } from 'node:crypto';
import type { Features } from '../features.ts';
import { type Picture, rawPixels } from './picture.ts';

/** Decodes all pixels of a picture and describes them. Throws {@link MediaError}. */
export async function pictureFeatures(picture: Picture): Promise<Features> {
  const { data, info } = await rawPixels(picture.name, picture.decoder().toColourspace('srgb').ensureAlpha());
  const size = Buffer.alloc(8);
  size.writeUInt32LE(info.width, 0);
  size.writeUInt32LE(info.height, 4);
  return { decodedHash: createHash('sha256').update(size).update(data).digest('hex') };
}
