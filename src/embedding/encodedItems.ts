import type { ItemRow } from '../dataset/snapshot.ts';
import type { EmbeddingSet } from './embeddingSet.ts';

export type EncodedItems = Pick<EmbeddingSet, 'dimensions' | 'ids' | 'vectors' | 'unreadable'>;

/**
 * The vectors of the items but for those that failed.
 *
 * @param all items × `dimensions`, in shared memory; its rows are moved together in place
 * @param failed item → why it has no vector
 */
export function withoutFailed(
  items: readonly ItemRow[],
  all: Float32Array,
  dimensions: number,
  failed: ReadonlyMap<ItemRow, string>,
): EncodedItems {
  const ids: string[] = [];
  const unreadable: EncodedItems['unreadable'] = [];
  for (const [index, item] of items.entries()) {
    const sentence = failed.get(item);
    if (sentence !== undefined) {
      unreadable.push({ item: item.id, sentence });
      continue;
    }
    all.copyWithin(ids.length * dimensions, index * dimensions, (index + 1) * dimensions);
    ids.push(item.id);
  }
  return { dimensions, ids, vectors: all.subarray(0, ids.length * dimensions), unreadable };
}
