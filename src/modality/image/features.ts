import { createHash } from 'node:crypto';
import sharp from 'sharp';
import type { Features } from '../features.ts';
import { luminance, pictureBands, pictureSignature, SIDE } from './perceptualHash.ts';
import { type Picture, rawPixels } from './picture.ts';

/** Decodes all pixels of a picture and describes them. Throws {@link MediaError}. */
export async function pictureFeatures(picture: Picture): Promise<Features> {
  const { data, info } = await rawPixels(picture.name, picture.decoder().toColourspace('srgb').ensureAlpha());
  const { width, height } = info;
  const rgba = info.channels === 2 ? repeatGrey(data) : data;
  const thumbnail = sharp(rgba, { raw: { width, height, channels: 4 } })
    .flatten({ background: '#ffffff' })
    .resize(SIDE, SIDE, { fit: 'fill' });
  const signature = pictureSignature((await rawPixels(picture.name, thumbnail)).data);
  return {
    decodedHash: hashPixels(width, height, rgba),
    signature,
    bands: pictureBands(signature),
    spread: spreadOf(rgba),
  };
}

function hashPixels(width: number, height: number, rgba: Uint8Array): string {
  const size = Buffer.alloc(8);
  size.writeUInt32LE(width, 0);
  size.writeUInt32LE(height, 4);
  return createHash('sha256').update(size).update(rgba).digest('hex');
}

/** From grey and alpha. */
function repeatGrey(data: Uint8Array): Buffer {
  const rgba = Buffer.alloc(2 * data.length);
  for (let index = 0; index < data.length; index += 2) {
    rgba.fill(data[index] ?? 0, 2 * index, 2 * index + 3);
    rgba[2 * index + 3] = data[index + 1] ?? 0;
  }
  return rgba;
}

/** Standard deviation of the luminance on white, in [0, 1]. */
function spreadOf(rgba: Uint8Array): number {
  let [sum, squares] = [0, 0];
  for (let index = 0; index < rgba.length; index += 4) {
    const opacity = (rgba[index + 3] ?? 0) / 255;
    const colour = luminance(rgba[index] ?? 0, rgba[index + 1] ?? 0, rgba[index + 2] ?? 0) / 255;
    const shown = opacity * colour + 1 - opacity;
    sum += shown;
    squares += shown * shown;
  }
  const pixels = rgba.length / 4;
  return Math.sqrt(Math.max(0, squares / pixels - (sum / pixels) ** 2));
}
