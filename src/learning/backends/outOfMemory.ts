import type { Settings } from '../settings.ts';

/** As TensorFlow, Dawn, WebAssembly and CUDA say it. */
const WORDS = /\bOOM\b|resource.?exhausted|out of memory|outofmemory|failed to allocate|cannot enlarge memory/i;

/** True for an error of a device, or of WebAssembly, whose memory is full. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && WORDS.test(`${error.name} ${error.constructor.name} ${error.message}`);
}

/** The settings of an experiment that need half the memory: "alignmentBatch: 32, innerBatch: 8, …". */
export function halfTheBatches({ innerBatch, alignmentBatch, transfer }: Settings): string {
  const halves = { innerBatch, alignmentBatch, 'transfer.batch': transfer.batch };
  return Object.entries(halves)
    .map(([name, size]) => `${name}: ${Math.max(2, Math.floor(size / 2))}`)
    .join(', ');
}
