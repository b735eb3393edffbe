import { BANDS, melSpectrogram } from '../melSpectrogram.ts';
import type { MediaEncoding } from './mediaEncoding.ts';

/** Equal parts of a sound, whatever its length. */
const FRAMES = 32;

/** Sounds as the mel spectrogram of 32 equal parts in time: the mean decibels in 40 bands, brought to [−1, 1]. */
export const soundFrames: MediaEncoding = {
  name: 'mel-frames',
  version: 1,
  modality: 'audio',
  shape: [FRAMES, BANDS],
  async encode(item, decoders) {
    const { samples, sampleRate } = await decoders.sound(item.location);
    return gatherFrames(melSpectrogram(samples, sampleRate), FRAMES);
  },
};

/**
 * The means of equal parts, brought to [−1, 1]: parts × bands. Of a sound with fewer frames than parts, neighbours share
 * frames.
 */
export function gatherFrames(spectrum: readonly Float32Array[], parts: number): Float32Array {
  const frames = new Float32Array(parts * BANDS);
  for (let part = 0; part < parts; part++) {
    const start = Math.floor((part * spectrum.length) / parts);
    const end = Math.max(start + 1, Math.floor(((part + 1) * spectrum.length) / parts));
    for (let band = 0; band < BANDS; band++) {
      let sum = 0;
      for (let at = start; at < end; at++) sum += spectrum[at]?.[band] ?? 0;
      frames[part * BANDS + band] = 1 + sum / (end - start) / 40;
    }
  }
  return frames;
}
