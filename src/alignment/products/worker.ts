import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { Units } from './units.ts';
import { openWasm } from './wasm.ts';
import { perform, type WorkInput, type WorkName } from './work.ts';

const WorkerData = z.object({ wasmFolder: z.string() });

interface Message<N extends WorkName> {
  readonly name: N;
  readonly input: WorkInput<N>;
  readonly total: number;
  readonly units: SharedArrayBuffer;
}

/** Does the work that is sent, one after the other, in a worker thread, until its owner ends it. */
export function serveProducts(): void {
  const opened = openWasm(WorkerData.parse(workerData).wasmFolder);
  // Written by our own code in this process, so it is not validated.
  parentPort?.on('message', async ({ name, input, total, units }: Message<WorkName>) => {
    await opened;
    parentPort?.postMessage(perform(name, input, new Units(total, units)));
  });
}
