import type { Collector, Tile } from './tile.ts';

/** The best others of every owner: the i-th of owner o is at `o * count + i`, best first, equal ones by index. */
export interface NearestLists {
  readonly count: number;
  readonly indices: Uint32Array;
  /** −∞ where an owner has fewer others than `count`. */
  readonly scores: Float32Array;
}

/** Others that an owner leaves out. */
export type LeaveOut = (owner: number, other: number) => boolean;

/** Keeps the `count` best others of every owner. Of equal scores the lower index comes first. */
export class Nearest implements Collector {
  readonly lists: NearestLists;
  readonly #leaveOut: LeaveOut;

  constructor(owners: number, count: number, leaveOut: LeaveOut = () => false) {
    const indices = new Uint32Array(owners * count);
    const scores = new Float32Array(owners * count).fill(Number.NEGATIVE_INFINITY);
    this.lists = { count, indices, scores };
    this.#leaveOut = leaveOut;
  }

  take({ firstOwner, owners, firstOther, others, scores }: Tile): void {
    const { count, scores: kept } = this.lists;
    if (count === 0) return;
    for (let r = 0; r < owners; r++) {
      const owner = firstOwner + r;
      const last = (owner + 1) * count - 1;
      let worst = kept[last] ?? 0;
      const [begin, end] = [r * others, (r + 1) * others];
      for (let at = nextAbove(scores, begin, end, worst); at < end; at = nextAbove(scores, at + 1, end, worst)) {
        const other = firstOther + at - begin;
        if (this.#leaveOut(owner, other)) continue;
        this.#insert(owner, other, scores[at] ?? 0);
        worst = kept[last] ?? 0;
      }
    }
  }

  #insert(owner: number, other: number, score: number): void {
    const { count, indices, scores } = this.lists;
    const first = owner * count;
    let at = first + count - 1;
    while (at > first && (scores[at - 1] ?? 0) < score) {
      scores[at] = scores[at - 1] ?? 0;
      indices[at] = indices[at - 1] ?? 0;
      at--;
    }
    scores[at] = score;
    indices[at] = other;
  }
}

/** The first place from `at` on of a score above a limit, or `end`. */
function nextAbove(scores: Float32Array, at: number, end: number, limit: number): number {
  let place = at;
  while (place < end && (scores[place] ?? 0) <= limit) place++;
  return place;
}

/** The best of what several threads found among different others. */
export function mergeNearest(parts: readonly NearestLists[]): NearestLists {
  const [first, ...rest] = parts;
  if (first === undefined) throw new RangeError('mergeNearest() needs lists');
  return rest.reduce(mergeTwo, first);
}

function mergeTwo(a: NearestLists, b: NearestLists): NearestLists {
  const { count } = a;
  const indices = new Uint32Array(a.indices.length);
  const scores = new Float32Array(a.scores.length);
  for (let start = 0; start < scores.length; start += count) {
    let [left, right] = [start, start];
    for (let at = start; at < start + count; at++) {
      const [x, y] = [a.scores[left] ?? 0, b.scores[right] ?? 0];
      const fromA = x > y || (x === y && (a.indices[left] ?? 0) < (b.indices[right] ?? 0));
      const [list, place] = fromA ? [a, left++] : [b, right++];
      scores[at] = list.scores[place] ?? 0;
      indices[at] = list.indices[place] ?? 0;
    }
  }
  return { count, indices, scores };
}
