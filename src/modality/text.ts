import { type Excerpt, type HeaderReading, isWhole, longerHead } from './excerpt.ts';
import { MediaError } from './modality.ts';

/** Length in Unicode code points; unknown for a text of more than a megabyte, whose start is checked. */
export function readTextHeader(excerpt: Excerpt): HeaderReading {
  const { head, name } = excerpt;
  if (isWhole(excerpt)) return { header: { format: 'text', characters: codePoints(decodeText(head, name)) } };
  const longer = longerHead(excerpt, excerpt.size);
  if (longer !== undefined) return longer;
  decode(head, name, true);
  return { header: { format: 'text' } };
}

/**
 * The text of UTF-8 bytes, or of UTF-16 bytes with a byte-order mark, without the mark. Throws {@link MediaError}; white
 * space alone is an empty item.
 */
export function decodeText(bytes: Buffer, name: string): string {
  const text = decode(bytes, name, false);
  if (text.trim() === '') {
    throw new MediaError('empty-item', name, 'holds nothing but white space: write or delete it.');
  }
  return text;
}

/** Lone surrogates count as one. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 1; index < text.length; index++) {
    const pair = (text.charCodeAt(index - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(index) & 0xfc00) === 0xdc00;
    if (pair) count--;
  }
  return count;
}

/** Lower case, NFC, white space collapsed to single spaces, trimmed: texts that are then equal are duplicates. */
export function normaliseText(text: string): string {
  return text.toLowerCase().normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** What `pandas.read_csv` reads as missing by default, and what a program writes that has no value; in lower case. */
export const PLACEHOLDERS: ReadonlySet<string> = new Set(
  '#n/a|#n/a n/a|#na|-1.#ind|-1.#qnan|-nan|1.#ind|1.#qnan|<na>|n/a|nan|null|none|undefined|-|--|?'.split('|'),
);

/** True for a text that stands for a missing one: `nan`, `NULL`, `None`, `N/A`, `<NA>`, … "na" is a word, `NA` is not. */
export function isPlaceholder(text: string): boolean {
  return text.trim() === 'NA' || PLACEHOLDERS.has(normaliseText(text));
}

/** `cut` allows for a character that the end of an excerpt cuts in two. */
function decode(bytes: Buffer, name: string, cut: boolean): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes, { stream: cut });
  } catch (error) {
    throw new MediaError('unreadable-media', name, 'is not text in UTF-8 or UTF-16: save it in UTF-8.', error);
  }
}

/** The encoding that the byte-order mark of a text tells; UTF-8 without one. */
export function encodingOf(bytes: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
}
