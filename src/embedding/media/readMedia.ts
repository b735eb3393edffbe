import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { mapConcurrently } from '../../base/concurrency.ts';
import { InputError } from '../../base/errors.ts';
import type { Job } from '../../base/progress.ts';
import type { ItemRow, Snapshot } from '../../dataset/snapshot.ts';
import { DecoderPool } from '../../decoding/decoderPool.ts';
import type { Modality } from '../../protocol.ts';
import { UnfinishedSet } from '../unfinishedSet.ts';
import type { MediaEncoding, MediaInputs } from './mediaEncoding.ts';
import { type MediaSet, mediaFolder, openMediaSet, storeMediaSet } from './mediaSet.ts';
import { picturePatches } from './picturePatches.ts';
import { soundFrames } from './soundFrames.ts';
import { spectrumPatches } from './spectrumPatches.ts';
import { textWords } from './textWords.ts';

/** Items that are read and put to disk together. */
const BATCH = 64;
const ATTEMPTS = 20;
const ATTEMPT_MS = 100;

const ENCODINGS: Readonly<Record<MediaInputs, Readonly<Partial<Record<Modality, MediaEncoding>>>>> = {
  media: { image: picturePatches, audio: soundFrames, text: textWords },
  patches: { image: picturePatches, audio: spectrumPatches },
};

/**
 * What turns the media of a modality into arrays.
 * @throws InputError when the items are vectors and no media, or texts, which have no patches.
 */
export async function mediaEncodingOf(
  snapshot: Snapshot,
  modality: Modality,
  inputs: MediaInputs,
): Promise<MediaEncoding> {
  if (await snapshot.holdsVectors(modality)) {
    throw new InputError(
      `\`inputs: ${inputs}\` is not possible: the ${modality} items of ${snapshot.dataset.name} are vectors, which hold ` +
        'no media. Set `inputs: embeddings`.',
    );
  }
  const encoding = ENCODINGS[inputs][modality];
  if (encoding !== undefined) return encoding;
  throw new InputError(`\`inputs: ${inputs}\` is not possible for ${modality} items. Set \`inputs: media\`.`);
}

/**
 * The arrays of the items of a modality that can be read, one set for each snapshot: the stored one where it fits, else
 * decoded anew and stored batch by batch, so that a killed run goes on. An item that cannot be read is named in
 * `unreadable`. The caller closes the set.
 * @throws InputError when there is nothing to read, or as {@link mediaEncodingOf}.
 */
export async function mediaSetOf(
  snapshot: Snapshot,
  modality: Modality,
  inputs: MediaInputs,
  job: Job = {},
): Promise<MediaSet> {
  const encoding = await mediaEncodingOf(snapshot, modality, inputs);
  const contents = snapshot.summary.contents[modality] ?? '';
  const stored = await openMediaSet(snapshot.dataset, contents, encoding);
  if (stored !== undefined) return stored;
  await storeAnew(snapshot, contents, encoding, job);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const fresh = await openMediaSet(snapshot.dataset, contents, encoding);
    if (fresh !== undefined) return fresh;
    // Another process is just putting its own in the place of this one.
    await setTimeout(ATTEMPT_MS);
  }
  throw new InputError(`${snapshot.dataset.name} was changed while its items were read. Run the experiment again.`);
}

async function storeAnew(snapshot: Snapshot, contents: string, encoding: MediaEncoding, job: Job): Promise<void> {
  const { modality, name, version, shape } = encoding;
  const { dataset } = snapshot;
  const items = await snapshot.items(modality);
  const state = createHash('sha256')
    .update(JSON.stringify([contents, version]))
    .digest('hex')
    .slice(0, 12);
  const unfinished = await UnfinishedSet.open(mediaFolder(dataset), `${modality}-${name}`, state);
  try {
    await readItems(items, encoding, unfinished, job);
  } catch (error) {
    await unfinished.release();
    throw error;
  }
  try {
    const { unreadable } = unfinished;
    const ids = unfinished.idsOf(items);
    if (ids.length === 0) throw nothingToRead(dataset.name, modality, unreadable[0]?.sentence);
    const created = new Date().toISOString();
    const record = { modality, encoding: name, version, contents, shape: [...shape], created, unreadable };
    await storeMediaSet(dataset, record, ids, unfinished.blocks());
  } finally {
    await unfinished.remove();
  }
}

function nothingToRead(dataset: string, modality: Modality, sentence: string | undefined): InputError {
  const first = sentence === undefined ? '' : ` The first one: ${sentence}`;
  return new InputError(`${dataset} has no ${modality} items that can be read.${first}`);
}

/** Reads the items that are not done yet. */
async function readItems(
  items: readonly ItemRow[],
  encoding: MediaEncoding,
  unfinished: UnfinishedSet,
  { progress, signal }: Job,
): Promise<void> {
  const decoders = new DecoderPool({ processes: Math.max(1, availableParallelism() - 1), signal });
  try {
    while (unfinished.done < items.length) {
      const batch = items.slice(unfinished.done, unfinished.done + BATCH);
      const read = await mapConcurrently(
        batch,
        decoders.concurrency,
        (item) => readItem(item, encoding, decoders),
        signal,
      );
      await add(unfinished, batch, read);
      progress?.({ stage: `reading ${encoding.modality} items`, done: unfinished.done, total: items.length });
    }
  } finally {
    await decoders.close();
  }
}

/** The array, or why there is none. */
async function readItem(item: ItemRow, encoding: MediaEncoding, decoders: DecoderPool): Promise<Float32Array | string> {
  try {
    return await encoding.encode(item, decoders);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

async function add(
  unfinished: UnfinishedSet,
  batch: readonly ItemRow[],
  read: readonly (Float32Array | string)[],
): Promise<void> {
  const arrays = read.filter((array) => typeof array !== 'string');
  const unreadable = batch.flatMap(({ id }, index) => {
    const sentence = read[index];
    return typeof sentence === 'string' ? [{ item: id, sentence }] : [];
  });
  const dimensions = arrays[0]?.length ?? 0;
  const numbers = new Float32Array(arrays.length * dimensions);
  for (const [row, array] of arrays.entries()) numbers.set(array, row * dimensions);
  await unfinished.add({ items: batch.length, dimensions, unreadable, isShared: false }, numbers);
}
