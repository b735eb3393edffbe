import type { ItemRow } from '../dataset/snapshot.ts';
import type { EmbeddingSet, UnreadableItem } from './embeddingSet.ts';

export type EncodedItems = Pick<EmbeddingSet, 'dimensions' | 'ids' | 'vectors' | 'unreadable'>;

/** Why an item has no vector. */
export type Failed = Omit<UnreadableItem, 'item'>;

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
  failed: ReadonlyMap<ItemRow, Failed>,
): EncodedItems {
  const ids: string[] = [];
  const unreadable: EncodedItems['unreadable'] = [];
  for (const [index, item] of items.entries()) {
    const why = failed.get(item);
    if (why !== undefined) {
      unreadable.push({ item: item.id, ...why });
      continue;
    }
    all.copyWithin(ids.length * dimensions, index * dimensions, (index + 1) * dimensions);
    ids.push(item.id);
  }
  return { dimensions, ids, vectors: all.subarray(0, ids.length * dimensions), unreadable };
}
