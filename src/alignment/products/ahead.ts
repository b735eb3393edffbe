import type { Collector, Tile } from './tile.ts';

/** For every owner o the others that stand at `starts[o]`…`starts[o + 1]` − 1, with their scores. */
export interface Marks {
  readonly starts: Uint32Array;
  readonly others: Uint32Array;
  readonly scores: Float32Array;
}

/** Classes of owners and others; −1 is none. */
export interface Classes {
  readonly owners: Int32Array;
  readonly others: Int32Array;
}

/**
 * Counts for every mark the others ahead of it: those with a greater score, or an equal one and a lower index. Others of
 * the owner's class are not counted when classes are given.
 */
export class Ahead implements Collector {
  readonly counts: Uint32Array;
  readonly #marks: Marks;
  readonly #classes: Classes | undefined;

  constructor(marks: Marks, classes?: Classes) {
    this.counts = new Uint32Array(marks.others.length);
    this.#marks = marks;
    this.#classes = classes;
  }

  take(tile: Tile): void {
    const { starts } = this.#marks;
    for (let r = 0; r < tile.owners; r++) {
      const owner = tile.firstOwner + r;
      for (let mark = starts[owner] ?? 0; mark < (starts[owner + 1] ?? 0); mark++) {
        const ahead = this.#classes === undefined ? this.#count(tile, r, mark) : this.#countOthers(tile, r, mark);
        this.counts[mark] = (this.counts[mark] ?? 0) + ahead;
      }
    }
  }

  #count({ others, firstOther, scores }: Tile, r: number, mark: number): number {
    const own = this.#marks.scores[mark] ?? 0;
    const end = (r + 1) * others;
    const place = Math.min(others, Math.max(0, (this.#marks.others[mark] ?? 0) - firstOther));
    let ahead = 0;
    let at = r * others;
    for (const before = at + place; at < before; at++) if ((scores[at] ?? 0) >= own) ahead++;
    for (; at < end; at++) if ((scores[at] ?? 0) > own) ahead++;
    return ahead;
  }

  #countOthers({ firstOwner, others, firstOther, scores }: Tile, r: number, mark: number): number {
    const own = this.#marks.scores[mark] ?? 0;
    const marked = this.#marks.others[mark] ?? 0;
    const ownClass = this.#classes?.owners[firstOwner + r] ?? -1;
    const classOf = this.#classes?.others;
    let ahead = 0;
    for (let c = 0, other = firstOther, at = r * others; c < others; c++, other++, at++) {
      const score = scores[at] ?? 0;
      if (score < own || (score === own && other >= marked)) continue;
      if (ownClass < 0 || classOf?.[other] !== ownClass) ahead++;
    }
    return ahead;
  }
}

export function addCounts(parts: readonly Uint32Array[]): Uint32Array {
  const sum = new Uint32Array(parts[0]?.length ?? 0);
  for (const part of parts) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (part[i] ?? 0);
  return sum;
}
