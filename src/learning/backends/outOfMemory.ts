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

/** The settings of an experiment that need half the memory: "alignmentBatch: 32, innerBatch: 8, …". */
export function halfTheBatches({ innerBatch, alignmentBatch, transfer }: Settings): string {
  const halves = { innerBatch, alignmentBatch, 'transfer.batch': transfer.batch };
  return Object.entries(halves)
    .map(([name, size]) => `${name}: ${Math.max(2, Math.floor(size / 2))}`)
    .join(', ');
}
