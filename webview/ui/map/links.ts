import type { Box } from './data.ts';
import { contains } from './view.ts';

/** Which points belong together. A point may have any number of partners. */
export class Links {
  /** Where the partners of each point begin in `partners`. */
  private readonly starts: Uint32Array;
  private readonly partners: Uint32Array;

  /** `pairs` are m × 2 indices of the n points. O(n + m). */
  constructor(
    n: number,
    private readonly pairs: Uint32Array,
  ) {
    this.starts = new Uint32Array(n + 1);
    for (const point of pairs) this.starts[point + 1] = (this.starts[point + 1] ?? 0) + 1;
    for (let point = 1; point <= n; point++) {
      this.starts[point] = (this.starts[point] ?? 0) + (this.starts[point - 1] ?? 0);
    }
    const next = this.starts.slice();
    this.partners = new Uint32Array(pairs.length);
    for (let at = 0; at < pairs.length; at++) {
      const point = pairs[at] ?? 0;
      const slot = next[point] ?? 0;
      this.partners[slot] = pairs[at ^ 1] ?? 0;
      next[point] = slot + 1;
    }
  }

  partnersOf(point: number): Uint32Array {
    return this.partners.subarray(this.starts[point], this.starts[point + 1]);
  }

  /**
   * The pairs that touch a box and that `shown` accepts both ends of, flat as they came; none at all when there are more
   * than `most`, since a web of lines shows nothing.
   */
  touching(box: Box, positions: Float32Array, most: number, shown: (point: number) => boolean): Uint32Array {
    const isIn = (point: number) => contains(box, positions[2 * point] ?? NaN, positions[2 * point + 1] ?? NaN);
    return this.few(most, (a, b) => (isIn(a) || isIn(b)) && shown(a) && shown(b));
  }

  /** The pairs that `wanted` accepts an end of, or none when there are more than `most`. */
  of(most: number, wanted: (point: number) => boolean, shown: (point: number) => boolean): Uint32Array {
    return this.few(most, (a, b) => (wanted(a) || wanted(b)) && shown(a) && shown(b));
  }

  private few(most: number, accept: (a: number, b: number) => boolean): Uint32Array {
    const found: number[] = [];
    for (let at = 0; at + 1 < this.pairs.length; at += 2) {
      const a = this.pairs[at] ?? 0;
      const b = this.pairs[at + 1] ?? 0;
      if (!accept(a, b)) continue;
      if (found.length === 2 * most) return new Uint32Array();
      found.push(a, b);
    }
    return Uint32Array.from(found);
  }
}
