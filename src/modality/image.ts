import type { Header } from './modality.ts';

/** Pixels of the largest picture that is decoded. */
export const MAX_PIXELS = 50_000_000;

/** Size as shown (EXIF rotation applied) and channels. Throws {@link MediaError}. */
export async function probeImage(_path: string): Promise<Header> {
  throw new Error('not yet');
}

/** `size`×`size`×3 bytes of RGB, row-major. Throws {@link MediaError}. */
export async function decodeImage(_path: string, _size: number): Promise<Uint8Array> {
  throw new Error('not yet');
}
