import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import type { Content, Reading } from './contents.ts';
import { HeaderReader } from './headerReader.ts';
import { Pulse } from './pulse.ts';

const WorkerData = z.object({ pulse: z.instanceof(SharedArrayBuffer) });

/** Answers batches of readings with their contents, in a worker thread, until its owner ends it. */
export function serveHeaders(): void {
  const pulse = new Pulse(WorkerData.parse(workerData).pulse);
  const reader = new HeaderReader(() => pulse.beat());
  parentPort?.on('message', async (readings: Reading[]) => {
    const contents: Content[] = [];
    for (const reading of readings) {
      pulse.moveTo(contents.length);
      contents.push(await reader.read(reading));
    }
    reader.close();
    parentPort?.postMessage(contents);
  });
}
