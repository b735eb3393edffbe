import type { Worker } from 'node:worker_threads';
import { onTestFinished } from 'vitest';

/**
 * How many threads this process makes from now on, until the test is over, and how many of those have ended. (The
 * threads of the process in /proc are no measure: Node and DuckDB start and end some of their own at any time.)
 */
export function countThreads(): { readonly made: number; readonly ended: number } {
  const threads = { made: 0, ended: 0 };
  const count = (thread: Worker): void => {
    threads.made++;
    thread.once('exit', () => threads.ended++);
  };
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  return threads;
}
