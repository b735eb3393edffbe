import type { Collector, Tile } from './tile.ts';

/** Sums of a tile are multiples of 1 / GRAIN: they then add up to the same number in any order, whichever threads make them. */
const GRAIN = 2 ** 32;

/**
 * Sums exp(−2‖u − v‖²) = exp(4 u·v − 4) over the others of every owner, itself left out when both are the same rows
 * (Wang & Isola, "Understanding Contrastive Representation Learning through Alignment and Uniformity", ICML 2020).
 */
export class Closeness implements Collector {
  readonly sums: Float64Array;

  constructor(owners: number) {
    this.sums = new Float64Array(owners);
  }

  take({ firstOwner, owners, firstOther, others, scores }: Tile): void {
    for (let r = 0; r < owners; r++) {
      const itself = firstOwner + r - firstOther;
      let sum = 0;
      for (let c = 0, at = r * others; c < others; c++, at++) {
        if (c !== itself) sum += closenessOf(scores[at] ?? 0);
      }
      this.sums[firstOwner + r] = (this.sums[firstOwner + r] ?? 0) + Math.round(sum * GRAIN) / GRAIN;
    }
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
