import { isFiniteRow, type Matrix } from '../base/matrix.ts';
import type { EmbeddingSet } from '../embedding/embeddingSet.ts';
import type { PairRow } from '../protocol.ts';
import { type Rows, shared } from './products/rows.ts';

/** Pairs and the rows of their items. An item of several pairs has one row. */
interface PairsOf<V> {
  readonly pairs: readonly PairRow[];
  readonly first: V;
  readonly second: V;
  /** Row in `first` of each pair's first item. */
  readonly firstOf: Uint32Array;
  /** Row in `second` of each pair's second item. */
  readonly secondOf: Uint32Array;
}

/** Pairs with the vectors of their items. */
export type PairedVectors = PairsOf<Matrix>;

/** Pairs whose items are unit vectors of one space, in memory that threads can share. */
export type PairsInSpace = PairsOf<Rows>;

/**
 * Leaves out pairs with an item that has no vector, or one with a number that is not finite; `missing` counts them. Takes
 * over the memory of the sets, which threads can share then: rows without a pair are gone from it.
 */
export function pairVectors(
  pairs: readonly PairRow[],
  first: EmbeddingSet,
  second: EmbeddingSet,
): PairedVectors & { missing: number } {
  const [rowsOfFirst, rowsOfSecond] = [usableRows(first), usableRows(second)];
  const usable = pairs.filter((pair) => rowsOfFirst.has(pair.first.item) && rowsOfSecond.has(pair.second.item));
  const rowOf = (rows: ReadonlyMap<string, number>, item: string): number => rows.get(item) ?? 0;
  const left = keepRows(
    first,
    Uint32Array.from(usable, (pair) => rowOf(rowsOfFirst, pair.first.item)),
  );
  const right = keepRows(
    second,
    Uint32Array.from(usable, (pair) => rowOf(rowsOfSecond, pair.second.item)),
  );
  return {
    pairs: usable,
    first: left.matrix,
    second: right.matrix,
    firstOf: left.rowOf,
    secondOf: right.rowOf,
    missing: pairs.length - usable.length,
  };
}

/** The same pairs seen from the other side. */
export function swapped<V>({ pairs, first, second, firstOf, secondOf }: PairsOf<V>): PairsOf<V> {
  return { pairs, first: second, second: first, firstOf: secondOf, secondOf: firstOf };
}

/** Item → its row, for those whose numbers are all finite. */
function usableRows({ ids, vectors, dimensions }: EmbeddingSet): Map<string, number> {
  const rows = new Map<string, number>();
  for (const [row, id] of ids.entries()) {
    if (isFiniteRow(vectors.subarray(row * dimensions, (row + 1) * dimensions))) rows.set(id, row);
  }
  return rows;
}

/** Moves the rows that are asked for together, in place and in their order. */
function keepRows(
  { ids, vectors, dimensions }: EmbeddingSet,
  asked: Uint32Array,
): { matrix: Matrix; rowOf: Uint32Array } {
  const isKept = new Uint8Array(ids.length);
  for (const row of asked) isKept[row] = 1;
  const placeOf = new Uint32Array(ids.length);
  let kept = 0;
  for (let row = 0; row < ids.length; row++) {
    if (isKept[row] !== 1) continue;
    if (row !== kept) vectors.copyWithin(kept * dimensions, row * dimensions, (row + 1) * dimensions);
    placeOf[row] = kept++;
  }
  const matrix = shared({ rows: kept, columns: dimensions, data: vectors.subarray(0, kept * dimensions) });
  return { matrix, rowOf: asked.map((row) => placeOf[row] ?? 0) };
}
