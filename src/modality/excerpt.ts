import type { Header, Media } from './modality.ts';

/** The start and the end of an item's bytes: all that the header pass reads. */
export interface Excerpt {
  /** File name or member name: for its extension, and for sentences. */
  readonly name: string;
  /** Of the whole item, in bytes. */
  readonly size: number;
  /** From the first byte on. With `size` bytes it is the whole item. */
  readonly head: Buffer;
  /** Up to the last byte; may be empty when `head` is the whole item. */
  readonly tail: Buffer;
}

/** A longer excerpt to come back with. Each number is at least what there was, one is more, and none exceeds `size`. */
export interface Wants {
  readonly head: number;
  readonly tail: number;
}

export type HeaderReading = { readonly header: Header } | { readonly wants: Wants };

/** Metadata before the size of a picture (EXIF with a thumbnail, a colour profile) usually fits into the first step. */
const HEAD_STEPS = [64 * 1024, 1024 * 1024];
/** Longer than the longest Ogg page, 65,307 bytes. */
const LONG_TAIL = 64 * 1024;

/** All of an item as an excerpt. */
export function wholeExcerpt({ name, bytes }: Media): Excerpt {
  return { name, size: bytes.length, head: bytes, tail: bytes };
}

export function isWhole({ head, size }: Excerpt): boolean {
  return head.length >= size;
}

/** The last bytes, whether or not the excerpt is the whole item. */
export function endOf(excerpt: Excerpt): Buffer {
  return isWhole(excerpt) ? excerpt.head : excerpt.tail;
}

/** Asks for a head of at least `needed` bytes; `undefined` when it is there, or is more than a header pass reads. */
export function longerHead({ head, tail, size }: Excerpt, needed: number): { wants: Wants } | undefined {
  const target = Math.min(needed, size);
  if (target <= head.length) return undefined;
  const step = HEAD_STEPS.find((bytes) => bytes >= target && bytes > head.length);
  return step === undefined ? undefined : { wants: { head: Math.min(step, size), tail: tail.length } };
}

/** Asks for the last 64 KiB; `undefined` when they are there. */
export function longerTail(excerpt: Excerpt): { wants: Wants } | undefined {
  const { head, tail, size } = excerpt;
  const target = Math.min(LONG_TAIL, size);
  return isWhole(excerpt) || tail.length >= target ? undefined : { wants: { head: head.length, tail: target } };
}
