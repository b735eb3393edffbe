import { type Matrix, rowOf } from '../base/matrix.ts';
import type { EmbeddingSet } from '../embedding/embeddingSet.ts';
import type { PairRow } from '../protocol.ts';
import { sharedZeros } from './products/rows.ts';

/** Pairs with the vectors of their items, in memory that threads can share. An item of several pairs has one row. */
export interface PairedVectors {
  readonly pairs: readonly PairRow[];
  readonly first: Matrix;
  readonly second: Matrix;
  /** Row in `first` of each pair's first item. */
  readonly firstOf: Uint32Array;
  /** Row in `second` of each pair's second item. */
  readonly secondOf: Uint32Array;
}

/** Leaves out pairs with an item that has no vector, or one with a number that is not finite; `missing` counts them. */
export function pairVectors(
  pairs: readonly PairRow[],
  first: EmbeddingSet,
  second: EmbeddingSet,
): PairedVectors & { missing: number } {
  const [usableFirst, usableSecond] = [finiteVectors(first), finiteVectors(second)];
  const usable = pairs.filter((pair) => usableFirst.has(pair.first.item) && usableSecond.has(pair.second.item));
  const left = numberItems(
    usable.map((pair) => pair.first.item),
    usableFirst,
  );
  const right = numberItems(
    usable.map((pair) => pair.second.item),
    usableSecond,
  );
  return {
    pairs: usable,
    first: left.vectors,
    second: right.vectors,
    firstOf: left.rowOf,
    secondOf: right.rowOf,
    missing: pairs.length - usable.length,
  };
}

/** The same pairs seen from the other side. */
export function swapped({ pairs, first, second, firstOf, secondOf }: PairedVectors): PairedVectors {
  return { pairs, first: second, second: first, firstOf: secondOf, secondOf: firstOf };
}

function finiteVectors({ ids, vectors, dimensions }: EmbeddingSet): Map<string, Float32Array> {
  const rows = ids.map((id, row) => [id, vectors.subarray(row * dimensions, (row + 1) * dimensions)] as const);
  return new Map(rows.filter(([, vector]) => vector.every(Number.isFinite)));
}

function numberItems(
  items: readonly string[],
  vectors: ReadonlyMap<string, Float32Array>,
): { rowOf: Uint32Array; vectors: Matrix } {
  const numbers = new Map<string, number>();
  for (const item of items) if (!numbers.has(item)) numbers.set(item, numbers.size);
  const matrix = sharedZeros(numbers.size, vectors.values().next().value?.length ?? 0);
  for (const [item, number] of numbers) rowOf(matrix, number).set(vectors.get(item) ?? []);
  return { rowOf: Uint32Array.from(items, (item) => numbers.get(item) ?? 0), vectors: matrix };
}
