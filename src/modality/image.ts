import sharp, { type Metadata } from 'sharp';
import { type Header, looksLikeText, MediaError, readMedia } from './modality.ts';

/** Pixels of the largest picture that is decoded. */
export const MAX_PIXELS = 50_000_000;

// A file that was replaced on disk must be decoded anew.
sharp.cache(false);

/**
 * Size as shown (EXIF rotation applied) and channels. Decodes the whole picture, because a header says nothing about a
 * picture that was cut off. Throws {@link MediaError}.
 */
export async function probeImage(path: string): Promise<Header> {
  const picture = await openPicture(path);
  await render(picture, path, 1);
  const { width, height, channels } = picture;
  return { width, height, channels };
}

/**
 * `size`×`size`×3 bytes of RGB, row-major. The picture is rotated as its EXIF says, stretched to the square, and
 * flattened on white. Throws {@link MediaError}.
 */
export async function decodeImage(path: string, size: number): Promise<Uint8Array> {
  return await render(await openPicture(path), path, size);
}

interface Picture {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

async function openPicture(path: string): Promise<Picture> {
  const bytes = await readMedia(path);
  const { autoOrient, channels } = await readHeader(bytes, path);
  const { width, height } = autoOrient;
  if (width * height > MAX_PIXELS) {
    const megapixels = Math.round((width * height) / 1e6);
    throw new MediaError(
      'too-large',
      path,
      `has ${megapixels} megapixels (${width} × ${height}), more than the ${MAX_PIXELS / 1e6} that are decoded: make it smaller.`,
    );
  }
  return { bytes, width, height, channels };
}

async function readHeader(bytes: Buffer, path: string): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (error) {
    const found = looksLikeText(bytes) ? 'holds text, not a picture' : 'is not a picture in a format that can be read';
    throw new MediaError('unreadable-media', path, `${found}: replace or delete it.`, error);
  }
}

async function render({ bytes }: Picture, path: string, size: number): Promise<Uint8Array> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .autoOrient()
      .resize(size, size, { fit: 'fill' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return info.channels === 1 ? repeatChannel(data) : new Uint8Array(data);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new MediaError('unreadable-media', path, `is damaged or cut off (${reason}): replace or delete it.`, error);
  }
}

function repeatChannel(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (const [index, value] of grey.entries()) rgb.fill(value, 3 * index, 3 * index + 3);
  return rgb;
}
