import { decodeImage as decode } from './decode.ts';
import { readHeader } from './header.ts';
import { type Header, readMedia } from './modality.ts';

export { MAX_PIXELS } from './image/picture.ts';

/** Decodes the picture of a file. Throws {@link MediaError}. */
export async function decodeImage(path: string, size: number): Promise<Uint8Array> {
  return await decode({ name: path, bytes: await readMedia(path) }, size);
}

/** Decodes the picture of a file for its header. Throws {@link MediaError}. */
export async function probeImage(path: string): Promise<Header> {
  const bytes = await readMedia(path);
  await decode({ name: path, bytes }, 1);
  const reading = readHeader('image', { name: path, size: bytes.length, head: bytes, tail: bytes.subarray(-64) });
  if (!('header' in reading)) return {};
  const { format: _, ...header } = reading.header;
  return header;
}
