import type { Settings } from '../settings.ts';

/**
 * As TensorFlow, CUDA, Dawn and WebAssembly say it. The last does not look whether it was given the memory that it asked
 * for, and then writes beyond what it has.
 */
const WORDS = /\bOOM\b|resource.?exhausted|out.?of.?memory|failed to allocate|memory access out of bounds/i;

/** True for an error of a device, or of WebAssembly, whose memory is full. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && WORDS.test(error.message);
}

/**
 * What to change in an experiment file so that a step needs about half the memory, as the end of a sentence: "set
 * `accumulate: 2` in its file, …".
 */
export function wayToLessMemory({ innerBatch, alignmentBatch, accumulate = 1, transfer }: Settings): string {
  const batches = { innerBatch, alignmentBatch, 'transfer.batch': transfer.batch };
  const halves = Object.entries(batches)
    .map(([name, size]) => `${name}: ${Math.max(2, Math.floor(size / 2))}`)
    .join(', ');
  if (2 * accumulate > Math.max(...Object.values(batches))) return `halve the batches in its file: ${halves}`;
  return (
    `set \`accumulate: ${2 * accumulate}\` in its file, which takes the same steps with less memory and more time. ` +
    `If that is not enough, halve the batches: ${halves}`
  );
}
