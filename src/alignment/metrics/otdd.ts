import { Random } from '../../base/random.ts';
import { groundCosts, type LabelledSet, usableItems } from './groundCosts.ts';
import type { Measured } from './measured.ts';
import { type Costs, exactTransport, sinkhornDivergence } from './transport.ts';

/** Sets of one size up to this are transported exactly. */
const MOST_EXACT = 500;
const MOST_ROWS = 1000;
/** Of the entropic transport, as a share of the mean cost between the sets. */
const EPSILON = 0.1;

export interface Otdd {
  readonly value: number;
  /** The same between random halves of one set, averaged over both sets. */
  readonly self: number;
  /** A half of one set against a half of the other, over `self`; left out when `self` is 0. */
  readonly ratio?: number;
  /** What `value` would be if the sets were no further apart than halves of one: `value` / `ratio`, or `self` without it. */
  readonly chance: number;
  readonly method: 'exact' | 'entropic';
  /** Items that were compared. */
  readonly rows: readonly [number, number];
  /** Items without a class, or of one with a single item, in both sets. */
  readonly dropped: number;
}

/**
 * Optimal transport dataset distance of two labelled sets in one space, whose classes need not be the same (Alvarez-Melis
 * & Fusi, "Geometric Dataset Distances via Optimal Transport", NeurIPS 2020): the cost of moving one set onto the other
 * where two items are apart by ‖x − x′‖² + W₂²(their classes), the classes as Gaussians. In [0, ∞) in squared units of
 * the space, lower is closer; pairs play no part, so that it can be 0 for a dataset with wrong pairs.
 *
 * Two sets of one size up to 500 are moved exactly, which is biased upwards, the more the fewer rows; others by the
 * debiased Sinkhorn divergence with ε = 0.1 of the mean cost, on a seeded sample of at most 1,000 a set. Halves have fewer
 * rows than the sets, so compare with `chance`, which allows for that, or read `ratio`: about 1 when the sets are no further
 * apart than halves of one.
 *
 * O(K² r² (D + r)) for the distances of K classes of rank r ≤ min(D, items of a class), which is most of it for many
 * classes in more than some 30 dimensions: reduce the vectors first. Then O(N³) exactly, or O(N²) for each of some tens
 * of rounds.
 */
export async function otdd(
  first: LabelledSet,
  second: LabelledSet,
  seed: number,
  signal?: AbortSignal,
): Promise<Measured<Otdd>> {
  const random = Random.of(seed, 'OTDD sample');
  const [a, b] = [usableItems(first, MOST_ROWS, random), usableItems(second, MOST_ROWS, random)];
  if (a.classOf.length < 4 || b.classOf.length < 4) {
    return { reason: 'Each modality needs at least 4 items in classes of 2 or more.' };
  }
  const [between, withinA, withinB] = await groundCosts(a, b, signal);
  const exact = a.classOf.length === b.classOf.length && a.classOf.length <= MOST_EXACT;
  const epsilon = EPSILON * meanOf(between.data);
  const distance = async (across: Costs, own: Costs, other: Costs): Promise<number> => {
    if (exact) return exactTransport(across);
    return epsilon === 0 ? 0 : sinkhornDivergence(across, [own, other], epsilon, signal);
  };
  const [a1, a2] = halves(a.classOf.length, random);
  const [b1, b2] = halves(b.classOf.length, random);
  const size = Math.min(a1.length, b1.length);
  const [shortA, shortB] = [a1.slice(0, size), b1.slice(0, size)];
  const selfA = await distance(part(withinA, a1, a2), part(withinA, a1, a1), part(withinA, a2, a2));
  const selfB = await distance(part(withinB, b1, b2), part(withinB, b1, b1), part(withinB, b2, b2));
  const half = await distance(
    part(between, shortA, shortB),
    part(withinA, shortA, shortA),
    part(withinB, shortB, shortB),
  );
  const self = (selfA + selfB) / 2;
  const value = await distance(between, withinA, withinB);
  return {
    value,
    self,
    chance: half > 0 ? (value * self) / half : self,
    ...(self > 0 && { ratio: half / self }),
    method: exact ? 'exact' : 'entropic',
    rows: [a.classOf.length, b.classOf.length],
    dropped: a.dropped + b.dropped,
  };
}

function part({ columns, data }: Costs, rows: readonly number[], chosen: readonly number[]): Costs {
  const selected = rows.flatMap((row) => chosen.map((column) => data[row * columns + column] ?? 0));
  return { rows: rows.length, columns: chosen.length, data: Float64Array.from(selected) };
}

/** Two random halves of equal size. */
function halves(count: number, random: Random): [number[], number[]] {
  const order = random.shuffle([...Array(count).keys()]);
  const half = Math.floor(count / 2);
  return [order.slice(0, half), order.slice(half, 2 * half)];
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
