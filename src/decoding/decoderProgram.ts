import { hash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { toSentence } from '../base/errors.ts';
import { type Location, nameOf, readWhole } from '../container/location.ts';
import { waveform } from '../modality/audio/waveform.ts';
import { decodeAudio, decodeImage, decodePicture, extractFeatures, readText } from '../modality/decode.ts';
import type { Media } from '../modality/modality.ts';
import { textFeatures } from '../modality/text/features.ts';
import type { Modality } from '../protocol.ts';
import { type Content, faultOf } from './contents.ts';
import { type Answer, Task } from './tasks.ts';

/** Larger items are not read into memory: 512 MiB. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * Decodes what its parent asks for, one task at a time, until the parent ends it or is gone.
 *
 * @param script absolute path of the bundle, which guards the process from a thread
 */
export function serveDecoding(script: string): void {
  // There is a process for each core.
  sharp.concurrency(1);
  new Worker(script).unref();
  process.on('disconnect', () => process.exit());
  let turn = Promise.resolve();
  process.on('message', (sent) => {
    turn = turn.then(async () => tell(await answer(Task.parse(sent))));
  });
  tell({ kind: 'ready' });
}

function tell(message: Answer): void {
  process.send?.(message);
}

async function answer(task: Task): Promise<Answer> {
  try {
    const value = await perform(task);
    return { kind: 'value', value, grown: process.memoryUsage.rss() };
  } catch (error) {
    return { ...explain(error), grown: process.memoryUsage.rss() };
  }
}

function explain(error: unknown) {
  try {
    return { kind: 'fault', ...faultOf(error) } as const;
  } catch (refusal) {
    return { kind: 'refusal', sentence: toSentence(refusal) } as const;
  }
}

async function perform(task: Task): Promise<unknown> {
  const { location } = task;
  switch (task.kind) {
    case 'image':
      return await decodeImage(await readItem(location), task.size);
    case 'picture':
      return await decodePicture(await readItem(location), task.pixels);
    case 'sound':
      return await decodeAudio(await readItem(location));
    case 'waveform':
      return waveform((await decodeAudio(await readItem(location))).samples, task.parts);
    case 'text':
      return readText(await readItem(location));
    case 'bytes':
      return await readWhole(location, task.limit);
    case 'features':
      return await examine(task.modality, location);
    case 'textFeatures':
      return task.texts.map(textFeatures);
  }
}

async function readItem(location: Location): Promise<Media> {
  const bytes = await readWhole(location, MAX_BYTES);
  return { name: nameOf(location), bytes, start: location.start, end: location.end };
}

/** What cannot be decoded is a content too. */
async function examine(modality: Modality, location: Location): Promise<Content> {
  let content: Content = { bytes: 0, header: {} };
  try {
    const media = await readItem(location);
    content = { ...content, bytes: media.bytes.length, sha256: hash('sha256', media.bytes) };
    return { ...content, ...(await extractFeatures(modality, media)) };
  } catch (error) {
    return { ...content, ...faultOf(error) };
  }
}
