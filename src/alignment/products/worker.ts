import { parentPort } from 'node:worker_threads';
import { Units } from './units.ts';
import { perform, type WorkInput, type WorkName } from './work.ts';

interface Message<N extends WorkName> {
  readonly name: N;
  readonly input: WorkInput<N>;
  readonly total: number;
  readonly units: SharedArrayBuffer;
}

/** Does the work that is sent, one after the other, in a worker thread, until its owner ends it. */
export function serveProducts(): void {
  // Written by our own code in this process, so it is not validated.
  parentPort?.on('message', ({ name, input, total, units }: Message<WorkName>) => {
    const output = perform(name, input, new Units(total, units));
    parentPort?.postMessage(output, buffersOf(output));
  });
}

/** The memory of all arrays in what was gathered: it goes to the owner, and no copy of it. */
function buffersOf(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (typeof value !== 'object' || value === null) return [];
  return [...new Set(Object.values(value).flatMap(buffersOf))];
}
