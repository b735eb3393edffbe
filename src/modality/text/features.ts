import { createHash } from 'node:crypto';
import type { Features } from '../features.ts';
import { normaliseText } from '../text.ts';
import { languageOf } from './language.ts';
import { textBands, textSignature } from './shingles.ts';

/** Describes a text. */
export function textFeatures(text: string): Features {
  const normalised = normaliseText(text);
  const decodedHash = createHash('sha256').update(normalised).digest('hex');
  const signature = textSignature(normalised);
  const language = languageOf(text);
  return {
    decodedHash,
    ...(signature !== undefined && { signature, bands: textBands(signature) }),
    ...(language !== undefined && { language }),
  };
}
