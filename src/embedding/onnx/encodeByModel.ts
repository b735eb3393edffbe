import { availableParallelism } from 'node:os';
import { ahead, mapConcurrently } from '../../base/concurrency.ts';
import { InputError, throwIfCancelled } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import type { ItemRow } from '../../dataset/snapshot.ts';
import { DecoderPool } from '../../decoding/decoderPool.ts';
import type { Modality } from '../../protocol.ts';
import type { UnfinishedSet } from '../unfinishedSet.ts';
import type { Encoding } from '../vectorSource.ts';
import type { ModelMedia } from './messages.ts';
import type { Opening } from './modelProcess.ts';
import { ModelRunner, type Outcome } from './modelRunner.ts';

/** Items that are sent to the model and stored together; few, where each takes long. */
const BATCH: Readonly<Record<Modality, number>> = { image: 16, audio: 4, text: 64 };
/** A picture is shrunk to so many pixels before the model's own preparation shrinks it to its size. */
const PIXELS = 1024 * 1024;
const BATCHES_AHEAD = 2;

/** An item as the model takes it, or a sentence that says why it cannot be read. */
interface Read {
  readonly item: ItemRow;
  readonly media: ModelMedia | string;
}

/**
 * Encodes the items that are not done yet: decoded ahead, encoded batch by batch, stored at once. An item that cannot be
 * read or encoded is named in the set. Throws as {@link ModelRunner.encode}, and `CancelledError`.
 */
export async function encodeByModel(
  { items, modality }: Encoding,
  opening: Opening,
  unfinished: UnfinishedSet,
  { progress, signal }: Job,
): Promise<void> {
  const decoders = new DecoderPool({ processes: Math.max(1, availableParallelism() - 1), signal });
  const runner = new ModelRunner(opening, signal);
  try {
    const left = items.slice(unfinished.done);
    for await (const batch of ahead(readAll(left, modality, decoders, signal), BATCHES_AHEAD)) {
      const media = batch.flatMap((read) => (typeof read.media === 'string' ? [] : [read.media]));
      await store(unfinished, batch, await runner.encode(media), runner.isShared);
      progress?.({ stage: `encoding ${modality} items`, done: unfinished.done, total: items.length });
    }
  } catch (error) {
    // A stop ends the model's process, which is then reported as lost.
    throwIfCancelled(signal);
    throw error;
  } finally {
    runner.close();
    await decoders.close();
  }
}

async function* readAll(
  items: readonly ItemRow[],
  modality: Modality,
  decoders: DecoderPool,
  signal: AbortSignal | undefined,
): AsyncGenerator<Read[], undefined> {
  for (let start = 0; start < items.length; start += BATCH[modality]) {
    const batch = items.slice(start, start + BATCH[modality]);
    yield await mapConcurrently(batch, decoders.concurrency, (item) => readItem(item, modality, decoders), signal);
  }
}

async function readItem(item: ItemRow, modality: Modality, decoders: DecoderPool): Promise<Read> {
  try {
    return { item, media: await mediaOf(item, modality, decoders) };
  } catch (error) {
    if (error instanceof InputError) return { item, media: error.message };
    throw error;
  }
}

async function mediaOf(item: ItemRow, modality: Modality, decoders: DecoderPool): Promise<ModelMedia> {
  switch (modality) {
    case 'image':
      return { kind: 'picture', ...(await decoders.picture(item.location, PIXELS)) };
    case 'audio': {
      const { samples, sampleRate } = await decoders.sound(item.location);
      return { kind: 'sound', samples, sampleRate };
    }
    case 'text':
      return { kind: 'text', text: item.text ?? (await decoders.text(item.location)) };
  }
}

/** @param outcomes of the items that could be read */
async function store(
  unfinished: UnfinishedSet,
  batch: readonly Read[],
  outcomes: readonly Outcome[],
  isShared: boolean,
): Promise<void> {
  const vectors: Float32Array[] = [];
  const unreadable: { item: string; sentence: string }[] = [];
  let next = 0;
  for (const { item, media } of batch) {
    const outcome = typeof media === 'string' ? undefined : outcomes[next++];
    if (outcome instanceof Float32Array) vectors.push(outcome);
    else unreadable.push({ item: item.id, sentence: outcome === undefined ? String(media) : `${item.id} ${outcome}.` });
  }
  const dimensions = vectors[0]?.length ?? 0;
  const numbers = new Float32Array(vectors.length * dimensions);
  for (const [row, vector] of vectors.entries()) numbers.set(vector, row * dimensions);
  await unfinished.add({ items: batch.length, dimensions, unreadable, isShared }, numbers);
}
