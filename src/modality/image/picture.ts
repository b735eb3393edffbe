import sharp, { type OutputInfo, type Sharp } from 'sharp';
import { readWholeHeader } from '../header.ts';
import { type Header, type Media, MediaError, unreadable } from '../modality.ts';
import { decodeBmp } from './bmpPixels.ts';

/** Pixels of the largest picture that is decoded. */
export const MAX_PIXELS = 50_000_000;

// Every picture is decoded once.
sharp.cache(false);

/** A picture whose size is known to be bearable, ready to be decoded. */
export interface Picture {
  readonly name: string;
  readonly header: Header;
  /** A new pipeline, which applies the EXIF orientation first. */
  decoder(): Sharp;
}

/** Throws {@link MediaError}. */
export function openPicture(media: Media): Picture {
  const { name, bytes } = media;
  const header = readWholeHeader('image', media);
  const { format, width = 0, height = 0 } = header;
  refuseTooLarge(name, width, height);
  if (format !== 'bmp') {
    return {
      name,
      header,
      decoder: () => sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' }).autoOrient(),
    };
  }
  // libvips as it comes with sharp does not read BMP.
  const pixels = decodeBmp(bytes, name);
  return { name, header, decoder: () => sharp(pixels, { raw: { width, height, channels: 4 } }) };
}

/** A decoded picture: `height`×`width`×3 bytes of RGB, row-major. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** `size`×`size`×3 bytes of RGB, row-major, stretched to the square and flattened on white. Throws {@link MediaError}. */
export async function shrinkPicture(picture: Picture, size: number): Promise<Uint8Array> {
  return (await stretch(picture, size, size)).rgb;
}

/** In its own proportions, with at most `pixels` pixels, flattened on white. Throws {@link MediaError}. */
export async function shrinkTo(picture: Picture, pixels: number): Promise<Pixels> {
  const { width = 1, height = 1 } = picture.header;
  const scale = Math.min(1, Math.sqrt(pixels / (width * height)));
  return await stretch(picture, Math.max(1, Math.floor(scale * width)), Math.max(1, Math.floor(scale * height)));
}

async function stretch(picture: Picture, width: number, height: number): Promise<Pixels> {
  const resized = picture.decoder().resize(width, height, { fit: 'fill' }).flatten({ background: '#ffffff' });
  const { data, info } = await rawPixels(picture.name, resized.toColourspace('srgb'));
  return { width, height, rgb: info.channels === 1 ? repeatChannel(data) : new Uint8Array(data) };
}

/** Runs a pipeline to its end. Throws {@link MediaError} for a picture that is damaged or cut off. */
export async function rawPixels(name: string, pipeline: Sharp): Promise<{ data: Buffer; info: OutputInfo }> {
  try {
    return await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw unreadable(name, `is damaged or cut off (${reason})`, error);
  }
}

function refuseTooLarge(name: string, width: number, height: number): void {
  if (width * height <= MAX_PIXELS) return;
  const megapixels = Math.round((width * height) / 1e6);
  throw new MediaError(
    'too-large',
    name,
    `has ${megapixels} megapixels (${width} × ${height}), more than the ${MAX_PIXELS / 1e6} that are decoded: make it smaller.`,
  );
}

function repeatChannel(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (const [index, value] of grey.entries()) rgb.fill(value, 3 * index, 3 * index + 3);
  return rgb;
}
