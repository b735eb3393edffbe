import { dot, rowOf } from '../base/matrix.ts';
import { Random } from '../base/random.ts';
import type { PairsInSpace } from './pairedVectors.ts';
import { blocksOf, pickRows } from './products/rows.ts';

/** For each pair another one whose partner stands in for its own: what similarity has an item with a stranger? */
export interface Strangers {
  readonly next: Uint32Array;
  /** The pair whose `next` is this one. */
  readonly previous: Uint32Array;
}

/** A seeded circle through the pairs of each fold, which are mapped alike. A pair alone in its fold is its own stranger. */
export function chooseStrangers(foldOf: Uint32Array, seed: number): Strangers {
  const folds = new Set(foldOf);
  const random = Random.of(seed, 'strangers');
  const next = new Uint32Array(foldOf.length);
  const previous = new Uint32Array(foldOf.length);
  for (const fold of folds) {
    const circle = random.shuffle([...foldOf.keys()].filter((pair) => foldOf[pair] === fold));
    for (const [place, pair] of circle.entries()) {
      const stranger = circle[(place + 1) % circle.length] ?? pair;
      next[pair] = stranger;
      previous[stranger] = pair;
    }
  }
  return { next, previous };
}

/** Cosine of the first item of every pair with the second item of another one. O(N D). */
export function similarityToOthers(
  { first, second, firstOf, secondOf }: PairsInSpace,
  others: Uint32Array,
): Float32Array {
  const similarity = new Float32Array(others.length);
  const seconds = blocksOf(
    pickRows(
      second,
      others.map((other) => secondOf[other] ?? 0),
    ),
  );
  let pair = 0;
  for (const left of blocksOf(pickRows(first, firstOf))) {
    const right = seconds.next().value ?? left;
    for (let row = 0; row < left.rows; row++) similarity[pair++] = dot(rowOf(left, row), rowOf(right, row));
  }
  return similarity;
}
