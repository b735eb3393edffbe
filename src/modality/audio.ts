import type { Sound } from './audio/recording.ts';
import { decodeSound } from './audio/sound.ts';
import { type Header, readMedia } from './modality.ts';

export type { Sound } from './audio/recording.ts';
export { waveform } from './audio/waveform.ts';

/** Decodes the sound of a file. Throws {@link MediaError}. */
export async function decodeAudio(path: string): Promise<Sound> {
  return (await decodeSound({ name: path, bytes: await readMedia(path) })).sound;
}

/** Decodes the sound of a file for its header. Throws {@link MediaError}. */
export async function probeAudio(path: string): Promise<Header> {
  const { format: _, ...header } = (await decodeSound({ name: path, bytes: await readMedia(path) })).header;
  return header;
}
