import sharp, { type Metadata, type OutputInfo, type Sharp } from 'sharp';
import { type Header, looksLikeText, MediaError, readMedia } from './modality.ts';

/** Pixels of the largest picture that is decoded. */
export const MAX_PIXELS = 50_000_000;
const LARGE = 4_000_000;

// A file that was replaced on disk must be decoded anew.
sharp.cache(false);

/**
 * Size as shown (EXIF rotation applied) and channels. Decodes the whole picture, because a header says nothing about a
 * picture that was cut off. Throws {@link MediaError}.
 */
export async function probeImage(path: string): Promise<Header> {
  const picture = await openPicture(path);
  const { width, height, channels } = picture;
  const decoder = decoderOf(picture);
  // Shrinking costs more than it saves on a small picture, and keeps the pixels of a large one out of memory.
  await finish(width * height > LARGE ? decoder.resize(1, 1) : decoder, path);
  return { width, height, channels };
}

/**
 * `size`×`size`×3 bytes of RGB, row-major. The picture is rotated as its EXIF says, stretched to the square, and
 * flattened on white. Throws {@link MediaError}.
 */
export async function decodeImage(path: string, size: number): Promise<Uint8Array> {
  const { data, info } = await finish(
    decoderOf(await openPicture(path))
      .autoOrient()
      .resize(size, size, { fit: 'fill' })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb'),
    path,
  );
  return info.channels === 1 ? repeatChannel(data) : new Uint8Array(data);
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

function decoderOf({ bytes }: Picture): Sharp {
  return sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' });
}

async function finish(pipeline: Sharp, path: string): Promise<{ data: Buffer; info: OutputInfo }> {
  try {
    return await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
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
