/** Entry of the thread that walks a dataset's folders: sends what it finds in batches, and a sentence when it cannot. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { toSentence } from './base/errors.ts';
import { type Listed, listFiles } from './dataset/walk.ts';

const BATCH = 4096;

let batch: Listed[] = [];
try {
  for (const entry of listFiles(z.string().parse(workerData))) {
    batch.push(entry);
    if (batch.length < BATCH) continue;
    parentPort?.postMessage(batch);
    batch = [];
  }
  parentPort?.postMessage(batch);
} catch (error) {
  parentPort?.postMessage({ failed: toSentence(error) });
}
