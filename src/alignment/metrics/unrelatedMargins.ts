import { dot, type Matrix, rowOf } from '../../base/matrix.ts';
import { Random } from '../../base/random.ts';
import type { Margins } from './mismatch.ts';

/** The queries of one direction and their partners as unit vectors of one space, and how each pair stands there. */
export interface ScoredQueries {
  readonly mapped: Matrix;
  readonly partners: Matrix;
  readonly scored: readonly { readonly similarity: number; readonly margin: number }[];
}

/**
 * The margins that pairs would have if each first item had the second item of another pair, seeded: what
 * {@link estimateMismatch} compares with. As many as there are pairs; none for fewer than 2. O(N D).
 */
export function unrelatedMargins(forward: ScoredQueries, backward: ScoredQueries, seed: number): Margins[] {
  const order = Random.of(seed, 'unrelated items').shuffle([...forward.scored.keys()]);
  if (order.length < 2) return [];
  return order.map((first, place) => {
    const second = order[(place + 1) % order.length] ?? 0;
    return {
      marginForward: marginWith(forward, first, second),
      marginBackward: marginWith(backward, second, first),
    };
  });
}

/** The best others stay as they are, so that only the partner's similarity is another one. */
function marginWith({ mapped, partners, scored }: ScoredQueries, query: number, other: number): number {
  const { similarity = 0, margin = 0 } = scored[query] ?? {};
  return dot(rowOf(mapped, query), rowOf(partners, other)) - (similarity - margin);
}
