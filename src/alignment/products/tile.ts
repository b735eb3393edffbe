import { gather, type Rows } from './rows.ts';
import { RightFactor, turned } from './wasm.ts';

/** Rows and columns of a tile: its scores fit the second cache, and what a product costs besides is about 2%. */
export const EDGE = 512;

/** Scores of some rows with some others: that of the rows `firstOwner + r` and `firstOther + c` is at `r * others + c`. */
export interface Tile {
  readonly firstOwner: number;
  readonly owners: number;
  readonly firstOther: number;
  readonly others: number;
  readonly scores: Float32Array;
}

/** Gathers something for every owner from all its tiles, which come in the order of the others. */
export interface Collector {
  take(tile: Tile): void;
}

/**
 * The tiles of the owners `fromOwner`…`toOwner` − 1 with a chunk of others, which is turned round once for all of them. A
 * tile's scores are to be looked at before the next product.
 */
export function* tilesOf(
  owners: Rows,
  [fromOwner, toOwner]: readonly [number, number],
  others: Rows,
  [fromOther, toOther]: readonly [number, number],
): Generator<Tile> {
  const chunk = RightFactor.transposed(gather(others, fromOther, toOther));
  for (let from = fromOwner; from < toOwner; from += EDGE) {
    const to = Math.min(toOwner, from + EDGE);
    yield {
      firstOwner: from,
      owners: to - from,
      firstOther: fromOther,
      others: toOther - fromOther,
      scores: chunk.view(owners, from, to).data,
    };
  }
}

/** The same scores seen by the others, to be looked at before the next product as well. */
export function flipped({ firstOwner, owners, firstOther, others, scores }: Tile): Tile {
  const { data } = turned({ rows: owners, columns: others, data: scores });
  return { firstOwner: firstOther, owners: others, firstOther: firstOwner, others: owners, scores: data };
}
