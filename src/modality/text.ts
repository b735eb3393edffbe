import { type Header, MediaError, readMedia } from './modality.ts';

/** Length in UTF-16 code units. Throws {@link MediaError}. */
export async function probeText(path: string): Promise<Header> {
  return { characters: (await readText(path)).length };
}

/**
 * The text of a UTF-8 file, or of a UTF-16 file with a byte-order mark, without the mark. Throws {@link MediaError};
 * white space alone is an empty item.
 */
export async function readText(path: string): Promise<string> {
  const text = decode(await readMedia(path), path);
  if (text.trim() === '')
    throw new MediaError('empty-item', path, 'holds nothing but white space: write or delete it.');
  return text;
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (error) {
    throw new MediaError('unreadable-media', path, 'is not text in UTF-8 or UTF-16: save it in UTF-8.', error);
  }
}

function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
