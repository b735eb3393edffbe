import { createHash } from 'node:crypto';
import type { Features } from '../features.ts';
import type { Sound } from './recording.ts';

/** Describes a decoded sound. */
export function soundFeatures({ sampleRate, channels }: Sound): Features {
  const hash = createHash('sha256').update(`${sampleRate} ${channels.length}`);
  for (const channel of channels) hash.update(Int16Array.from(channel, (sample) => Math.round(sample * 32767)));
  return { decodedHash: hash.digest('hex') };
}
