/** Entry of the thread that walks a dataset's folders: sends what it finds in batches, and a sentence when it cannot. */
import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { toSentence } from './base/errors.ts';
import { RowPacker } from './base/packedRows.ts';
import type { WalkerMessage } from './dataset/listing.ts';
import { isOwnFile } from './dataset/ownFiles.ts';
import { listFiles, type NotFollowed } from './dataset/walk.ts';
import { mediaTypeOf } from './modality/modality.ts';

const BATCH = 8192;

const files = new RowPacker(['path', 'bytes', 'modified', 'modality']);
let notFollowed: NotFollowed[] = [];

try {
  for (const found of listFiles(z.string().parse(workerData))) {
    if ('kind' in found) notFollowed.push(found);
    else if (!isOwnFile(found.path)) files.add({ ...found, modality: mediaTypeOf(found.path)?.modality });
    if (files.count + notFollowed.length >= BATCH) send();
  }
  send();
} catch (error) {
  tell({ failed: toSentence(error) });
}

function send(): void {
  tell({ files: files.take(), notFollowed });
  notFollowed = [];
}

function tell(message: WalkerMessage): void {
  parentPort?.postMessage(message);
}
