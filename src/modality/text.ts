import type { Header } from './modality.ts';

/** Throws {@link MediaError}. */
export async function probeText(_path: string): Promise<Header> {
  throw new Error('not yet');
}

/** The text of a UTF-8 or UTF-16 file without its byte-order mark. Throws {@link MediaError}. */
export async function readText(_path: string): Promise<string> {
  throw new Error('not yet');
}
