import { type Matrix, selectRows } from '../../base/matrix.ts';
import { Random } from '../../base/random.ts';
import { type AgainstChance, againstChance, type Measured } from './measured.ts';
import { centredProduct, nuclearNorm, totalScatter } from './moments.ts';

const SHUFFLES = 5;

/**
 * What is left between two matrices with rows that belong together after the best rotation: 1 − ‖AᵀB‖* of the centred
 * matrices of unit Frobenius norm (orthogonal Procrustes, Schönemann 1966; half of the squared distance). In [0, 1],
 * lower is closer; invariant to rotation and scale of either side. Unrelated spaces stand at about 1 − 0.85 √(D / N), far
 * below 1 when there are few rows for the dimensions, so the mean over five seeded shuffles stands beside it.
 * O(N D1 D2 + D³), six times.
 *
 * @param a N × D1, N ≥ 2, rows that belong together with those of `b` (N × D2)
 */
export function procrustes(a: Matrix, b: Matrix, seed: number): Measured<AgainstChance> {
  const scale = Math.sqrt(totalScatter(a) * totalScatter(b));
  if (scale === 0) return { reason: 'All vectors of one modality are equal, so they have no shape to compare.' };
  const distance = (second: Matrix): number =>
    Math.min(1, Math.max(0, 1 - nuclearNorm(centredProduct(a, second)) / scale));
  const random = Random.of(seed, 'Procrustes shuffles');
  const rows = [...Array(b.rows).keys()];
  const shuffled = Array.from({ length: SHUFFLES }, () => distance(selectRows(b, random.shuffle(rows))));
  return againstChance(distance(b), shuffled);
}
