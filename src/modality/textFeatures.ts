import { createHash } from 'node:crypto';
import type { Features } from './features.ts';
import { normaliseText } from './text.ts';

/** Describes a text. */
export function textFeatures(text: string): Features {
  return { decodedHash: createHash('sha256').update(normaliseText(text)).digest('hex') };
}
