import { createHash } from 'node:crypto';
import { ahead, mapConcurrently } from '../../base/concurrency.ts';
import { InputError, throwIfCancelled } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import type { ItemRow } from '../../dataset/snapshot.ts';
import { embeddingsFolder } from '../embeddingSet.ts';
import type { EncodedItems } from '../encodedItems.ts';
import { UnfinishedSet } from '../unfinishedSet.ts';
import type { Encoding, VectorSource } from '../vectorSource.ts';
import type { ModelMedia } from './messages.ts';
import type { Opening } from './modelProcess.ts';
import { ModelRunner, type Outcome } from './modelRunner.ts';

const BATCHES_AHEAD = 2;

/** How items become what a model takes. */
export interface MediaReader {
  /** Items that are sent to the model and stored together; few, where each takes long. */
  readonly batch: number;
  /** Items that are read at once. */
  readonly concurrency: number;
  /** Throws `InputError` when the item cannot be read. */
  read(item: ItemRow): Promise<ModelMedia>;
}

/** A model in a process of its own. */
export interface Model {
  /** What the vectors are known by: those of another name, version or state of its files are not gone on with. */
  readonly source: Pick<VectorSource, 'name' | 'version' | 'origin'>;
  readonly opening: Opening;
  readonly reader: MediaReader;
}

/** An item as the model takes it, or a sentence that says why it cannot be read. */
interface Read {
  readonly item: ItemRow;
  readonly media: ModelMedia | string;
}

/**
 * Encodes items by a model: read ahead, encoded batch by batch, put to disk at once, so that a stopped or killed run goes
 * on. An item that cannot be read or encoded is named. Throws as {@link ModelRunner.encode}, `CancelledError`, and
 * {@link InputError} when no item has a vector.
 */
export async function encodeByModel(
  encoding: Encoding,
  model: Model,
  job: Job,
): Promise<EncodedItems & { isShared: boolean }> {
  const { items, modality } = encoding;
  const unfinished = await openUnfinished(encoding, model.source);
  try {
    await encodeRest(encoding, model, unfinished, job);
  } catch (error) {
    await unfinished.release();
    throw error;
  }
  try {
    const { dimensions, isShared } = unfinished;
    if (dimensions > 0) return { ...(await unfinished.read(items)), isShared };
    throw new InputError(
      `${model.opening.request.folder} could encode none of the ${items.length} ${modality} items. The first one: ${unfinished.unreadable[0]?.sentence}`,
    );
  } finally {
    await unfinished.remove();
  }
}

async function openUnfinished(
  { snapshot, modality }: Encoding,
  { name, version, origin }: Model['source'],
): Promise<UnfinishedSet> {
  const contents = snapshot.summary.contents[modality] ?? '';
  const state = createHash('sha256').update(JSON.stringify([contents, origin?.fingerprint, version]));
  const folder = embeddingsFolder(snapshot.dataset);
  return await UnfinishedSet.open(folder, `${modality}-${name}`, state.digest('hex').slice(0, 12));
}

/** Encodes the items that are not done yet. */
async function encodeRest(
  { items, modality }: Encoding,
  { opening, reader }: Model,
  unfinished: UnfinishedSet,
  { progress, signal }: Job,
): Promise<void> {
  const runner = new ModelRunner(opening, signal);
  try {
    for await (const batch of ahead(readAll(items.slice(unfinished.done), reader, signal), BATCHES_AHEAD)) {
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
  }
}

async function* readAll(
  items: readonly ItemRow[],
  reader: MediaReader,
  signal: AbortSignal | undefined,
): AsyncGenerator<Read[], undefined> {
  for (let start = 0; start < items.length; start += reader.batch) {
    const batch = items.slice(start, start + reader.batch);
    yield await mapConcurrently(batch, reader.concurrency, (item) => readItem(item, reader), signal);
  }
}

async function readItem(item: ItemRow, reader: MediaReader): Promise<Read> {
  try {
    return { item, media: await reader.read(item) };
  } catch (error) {
    if (error instanceof InputError) return { item, media: error.message };
    throw error;
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
