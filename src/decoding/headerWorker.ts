import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { RowPacker } from '../base/packedRows.ts';
import { HEADER_CELLS, type NumberedReading } from './contents.ts';
import { HeaderReader } from './headerReader.ts';
import { Pulse } from './pulse.ts';

const WorkerData = z.object({ pulse: z.instanceof(SharedArrayBuffer) });

/**
 * Answers batches of readings, in JSON without the brackets of the list, with their contents packed, in a worker thread,
 * until its owner ends it.
 */
export function serveHeaders(): void {
  const pulse = new Pulse(WorkerData.parse(workerData).pulse);
  const reader = new HeaderReader(() => pulse.beat());
  const contents = new RowPacker(HEADER_CELLS);
  parentPort?.on('message', async (sent: string) => {
    // Written by our own code in this process, so it is not validated.
    const readings: NumberedReading[] = JSON.parse(`[${sent}]`);
    for (const [at, reading] of readings.entries()) {
      pulse.moveTo(at);
      const { header, ...content } = reader.readShort(reading) ?? (await reader.read(reading));
      contents.add({ number: reading.number, ...content, ...header });
    }
    reader.close();
    parentPort?.postMessage(contents.take());
  });
}
