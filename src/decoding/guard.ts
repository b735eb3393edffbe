import { writeSync } from 'node:fs';

/** A decoder takes no more memory than this. The largest picture and the longest sound that are decoded take a third. */
export const MEMORY_GIGABYTES = 3;
const CHECK_MS = 200;
const STDERR = 2;

/** The word by which a decoder's parent knows why it ended; V8 says it too. */
export const OUT_OF_MEMORY = 'out of memory';

/**
 * Runs in a thread of a decoder, because the decoder itself may be deep in a computation that never ends: ends the
 * process when its parent is gone or when it holds more memory than this.
 */
export function guardProcess(memoryBytes: number): void {
  const parent = process.ppid;
  setInterval(() => {
    const isTooLarge = process.memoryUsage.rss() > memoryBytes;
    if (isTooLarge) writeSync(STDERR, OUT_OF_MEMORY);
    if (isTooLarge || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, CHECK_MS);
}
