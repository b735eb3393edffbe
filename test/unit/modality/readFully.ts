import { expect } from 'vitest';
import { readHeader } from '../../../src/modality/header.ts';
import { type Header, MediaError } from '../../../src/modality/modality.ts';
import type { Modality } from '../../../src/protocol.ts';

/** What is read at first: short, so that readers have to ask for more. */
const HEAD_BYTES = 4096;
const TAIL_BYTES = 64;

/** Runs the header pass as a reader of files does: from a short excerpt on, as much longer as it wants. */
export function readFully(modality: Modality, name: string, bytes: Buffer, firstHead = HEAD_BYTES): Header {
  const { length: size } = bytes;
  let [head, tail] = [Math.min(firstHead, size), Math.min(TAIL_BYTES, size)];
  for (let round = 0; ; round++) {
    expect(round, 'rounds of reading').toBeLessThan(5);
    const excerpt = { name, size, head: bytes.subarray(0, head), tail: bytes.subarray(size - tail) };
    const reading = readHeader(modality, excerpt);
    if ('header' in reading) return reading.header;
    const { wants } = reading;
    expect(wants.head).toBeGreaterThanOrEqual(head);
    expect(wants.tail).toBeGreaterThanOrEqual(tail);
    expect(wants.head + wants.tail).toBeGreaterThan(head + tail);
    expect(Math.max(wants.head, wants.tail)).toBeLessThanOrEqual(size);
    [head, tail] = [wants.head, wants.tail];
  }
}

/** "unreadable-media: holds text, …": the problem and the fault that reading gives. */
export function faultOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return sentenceOf(error);
  }
  throw new Error('expected a MediaError, got none');
}

export async function faultOfWork(work: Promise<unknown>): Promise<string> {
  return sentenceOf(
    await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof MediaError)) throw new Error('expected a MediaError', { cause: error });
  return `${error.problem}: ${error.fault}`;
}
