import type { Tile } from './tile.ts';

/** Sums of a tile are multiples of 1 / GRAIN: they then add up to the same number in any order, whichever threads make them. */
const GRAIN = 2 ** 32;

/**
 * Sums exp(−2‖u − v‖²) = exp(4 u·v − 4) over all other rows of every row (Wang & Isola, "Understanding Contrastive
 * Representation Learning through Alignment and Uniformity", ICML 2020). Owners and others are the same rows: a tile off
 * the diagonal counts for both.
 */
export class Closeness {
  readonly sums: Float64Array;

  constructor(rows: number) {
    this.sums = new Float64Array(rows);
  }

  take({ firstOwner, owners, firstOther, others, scores }: Tile): void {
    const ofOthers = new Float64Array(others);
    for (let r = 0; r < owners; r++) {
      const itself = firstOwner + r - firstOther;
      let sum = 0;
      for (let c = 0, at = r * others; c < others; c++, at++) {
        if (c === itself) continue;
        const value = closenessOf(scores[at] ?? 0);
        sum += value;
        ofOthers[c] = (ofOthers[c] ?? 0) + value;
      }
      this.#add(firstOwner + r, sum);
    }
    if (firstOwner !== firstOther) for (const [c, sum] of ofOthers.entries()) this.#add(firstOther + c, sum);
  }

  #add(row: number, sum: number): void {
    this.sums[row] = (this.sums[row] ?? 0) + Math.round(sum * GRAIN) / GRAIN;
  }
}

/**
 * exp(4s − 4) for a cosine s, to a share of 1e-8: the 16th power of the Taylor polynomial of exp(s / 4), several times
 * faster than `Math.exp`.
 */
function closenessOf(cosine: number): number {
  const z = cosine / 4;
  const root = 1 + z * (1 + (z / 2) * (1 + (z / 3) * (1 + (z / 4) * (1 + (z / 5) * (1 + (z / 6) * (1 + z / 7))))));
  const fourth = root * root * (root * root);
  return Math.exp(-4) * (fourth * fourth * (fourth * fourth));
}
