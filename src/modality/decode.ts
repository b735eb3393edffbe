import type { Modality } from '../protocol.ts';
import { soundFeatures } from './audio/features.ts';
import type { Sound } from './audio/recording.ts';
import { decodeSound } from './audio/sound.ts';
import type { Features } from './features.ts';
import { pictureFeatures } from './image/features.ts';
import { openPicture, type Pixels, shrinkPicture, shrinkTo } from './image/picture.ts';
import type { Header, Media } from './modality.ts';
import { textFeatures } from './text/features.ts';
import { codePoints, decodeText } from './text.ts';

/**
 * `size`×`size`×3 bytes of RGB, row-major. The picture is rotated as its EXIF says, stretched to the square, and
 * flattened on white. Throws {@link MediaError}.
 */
export async function decodeImage(media: Media, size: number): Promise<Uint8Array> {
  return await shrinkPicture(openPicture(media), size);
}

/**
 * A picture in its own proportions, shrunk to at most `pixels`, rotated as its EXIF says and flattened on white. Throws
 * {@link MediaError}.
 */
export async function decodePicture(media: Media, pixels: number): Promise<Pixels> {
  return await shrinkTo(openPicture(media), pixels);
}

/** A whole sound, or the part that `media` names. Throws {@link MediaError}. */
export async function decodeAudio(media: Media): Promise<Sound> {
  return (await decodeSound(media)).sound;
}

/** The text of UTF-8 or UTF-16 bytes. Throws {@link MediaError}. */
export function readText({ name, bytes }: Media): string {
  return decodeText(bytes, name);
}

/**
 * The decode pass over one item: decodes all of it, so that damage inside is found, and describes what was decoded.
 * Throws {@link MediaError}.
 */
export async function extractFeatures(
  modality: Modality,
  media: Media,
): Promise<{ header: Header; features: Features }> {
  switch (modality) {
    case 'image': {
      const picture = openPicture(media);
      return { header: picture.header, features: await pictureFeatures(picture) };
    }
    case 'audio': {
      const { header, sound } = await decodeSound(media);
      return { header, features: soundFeatures(sound) };
    }
    case 'text': {
      const text = readText(media);
      return { header: { format: 'text', characters: codePoints(text) }, features: textFeatures(text) };
    }
  }
}
