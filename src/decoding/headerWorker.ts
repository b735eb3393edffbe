import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import type { Content, NumberedContent, NumberedReading } from './contents.ts';
import { HeaderReader } from './headerReader.ts';
import { Pulse } from './pulse.ts';

const WorkerData = z.object({ pulse: z.instanceof(SharedArrayBuffer) });

/**
 * Answers batches of readings with their contents, both in JSON without the brackets of the list, in a worker thread, until
 * its owner ends it. Copying objects between threads would take as long as the reading.
 */
export function serveHeaders(): void {
  const pulse = new Pulse(WorkerData.parse(workerData).pulse);
  const reader = new HeaderReader(() => pulse.beat());
  parentPort?.on('message', async (sent: string) => {
    // Written by our own code in this process, so it is not validated.
    const readings: NumberedReading[] = JSON.parse(`[${sent}]`);
    const contents: string[] = [];
    for (const reading of readings) {
      pulse.moveTo(contents.length);
      contents.push(JSON.stringify(flat(reading.number, await reader.read(reading))));
    }
    reader.close();
    parentPort?.postMessage(contents.join());
  });
}

function flat(number: number, { header, fault, ...content }: Content): NumberedContent {
  // Half of a character, as a cut text may have it, is no JSON.
  return { number, ...content, ...(fault !== undefined && { fault: fault.toWellFormed() }), ...header };
}
