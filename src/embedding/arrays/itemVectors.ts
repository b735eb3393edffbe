import { breathe } from '../../base/concurrency.ts';
import { sharedZeros } from '../../base/matrix.ts';
import type { Job } from '../../base/progress.ts';
import { openVectors } from '../../container/vectors.ts';
import { faultOfVector, faultText } from '../../dataset/formats/vectorItems.ts';
import type { ItemRow } from '../../dataset/snapshot.ts';
import type { Modality } from '../../protocol.ts';
import { type EncodedItems, type Failed, withoutFailed } from '../encodedItems.ts';
import type { ArrayPart } from './arrayParts.ts';

/** So many numbers are read at a time. */
const NUMBERS_PER_BLOCK = 1024 * 1024;

/**
 * The vectors of items from arrays that follow each other, read once from front to end. An item without a row, or with a
 * vector that is not finite or all zeros, is named in `unreadable`.
 *
 * @param rows of each item, counted through all parts
 */
export async function readItemVectors(
  items: readonly ItemRow[],
  rows: readonly (number | undefined)[],
  parts: readonly ArrayPart[],
  modality: Modality,
  { progress, signal }: Job,
): Promise<EncodedItems> {
  const dimensions = parts[0]?.array.columns ?? 0;
  const all = sharedZeros(items.length, dimensions).data;
  const failed = new Map<ItemRow, Failed>();
  const places = placesOf(rows);
  const total = parts.reduce((sum, { array }) => sum + array.rows, 0);
  let done = 0;
  for await (const { path, vectors } of blocksOf(parts)) {
    for (let row = 0; row * dimensions < vectors.length; row++, done++) {
      const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
      const owners = places.get(done) ?? [];
      const fault = owners.length === 0 ? undefined : faultOfVector(vector);
      for (const place of owners) {
        const item = items[place];
        if (fault === undefined) all.set(vector, place * dimensions);
        else if (item !== undefined) {
          const sentence = `The vector of ${item.id} in ${path} ${faultText[fault]}: encode it again.`;
          failed.set(item, { sentence, fault });
        }
      }
    }
    progress?.({ stage: `reading ${modality} vectors`, done, total });
    await breathe(signal);
  }
  for (const [place, item] of items.entries()) {
    if (rows[place] !== undefined) continue;
    failed.set(item, { sentence: `${item.id} has no vector in ${parts[0]?.path ?? 'the arrays'}.` });
  }
  return withoutFailed(items, all, dimensions, failed);
}

/** Places of the items of each row. */
function placesOf(rows: readonly (number | undefined)[]): Map<number, number[]> {
  const places = new Map<number, number[]>();
  for (const [place, row] of rows.entries()) {
    if (row === undefined) continue;
    const known = places.get(row);
    if (known === undefined) places.set(row, [place]);
    else known.push(place);
  }
  return places;
}

async function* blocksOf(parts: readonly ArrayPart[]): AsyncGenerator<{ path: string; vectors: Float32Array }> {
  for (const { path, array } of parts) {
    const source = await openVectors(path, array.name);
    try {
      const step = Math.max(1, Math.floor(NUMBERS_PER_BLOCK / Math.max(1, source.columns)));
      for (let from = 0; from < source.rows; from += step)
        yield { path, vectors: await source.read(from, from + step) };
    } finally {
      source.close();
    }
  }
}
