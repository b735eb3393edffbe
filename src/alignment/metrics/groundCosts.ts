import { breathe } from '../../base/concurrency.ts';
import { dot, type Matrix, rowOf, selectRows } from '../../base/matrix.ts';
import type { Random } from '../../base/random.ts';
import { type Gaussian, gaussianOf, squaredWasserstein } from './bures.ts';
import { rowsOfClasses } from './classes.ts';
import type { Costs } from './transport.ts';

/** Vectors with their classes: row i is of class `labels[i]`. */
export interface LabelledSet {
  readonly vectors: Matrix;
  readonly labels: readonly (string | undefined)[];
}

export interface UsableSet {
  readonly vectors: Matrix;
  /** Of each row, its place in `classes`. */
  readonly classOf: readonly number[];
  /** From all items of a class, not only from the sampled ones. */
  readonly classes: readonly Gaussian[];
  readonly dropped: number;
}

/** At most `most` items, seeded; a class of one item has no covariance and is left out. */
export function usableItems({ vectors, labels }: LabelledSet, most: number, random: Random): UsableSet {
  const groups = [...rowsOfClasses(labels).values()].filter((rows) => rows.length >= 2);
  const all = groups.flatMap((rows, place) => rows.map((row) => ({ row, place })));
  const sampled = all.length > most ? random.sample(all, most) : all;
  return {
    vectors: selectRows(
      vectors,
      sampled.map(({ row }) => row),
    ),
    classOf: sampled.map(({ place }) => place),
    classes: groups.map((rows) => gaussianOf(selectRows(vectors, rows))),
    dropped: labels.length - all.length,
  };
}

/** ‖x − x′‖² + W₂² of the classes: across the sets, and within each of them. */
export async function groundCosts(a: UsableSet, b: UsableSet, signal?: AbortSignal): Promise<[Costs, Costs, Costs]> {
  const classes = [...a.classes, ...b.classes];
  const distances: number[][] = [];
  for (const [i, one] of classes.entries()) {
    distances.push(classes.map((other, j) => (j < i ? squaredWasserstein(one, other) : 0)));
    await breathe(signal);
  }
  const between = (i: number, j: number): number => distances[Math.max(i, j)]?.[Math.min(i, j)] ?? 0;
  const offset = a.classes.length;
  return [
    costsOf(a, b, (i, j) => between(i, offset + j)),
    costsOf(a, a, between),
    costsOf(b, b, (i, j) => between(offset + i, offset + j)),
  ];
}

function costsOf(a: UsableSet, b: UsableSet, classDistance: (i: number, j: number) => number): Costs {
  const [rows, columns] = [a.vectors.rows, b.vectors.rows];
  const lengths = [a, b].map(({ vectors }) =>
    Array.from({ length: vectors.rows }, (_, r) => squaredLength(vectors, r)),
  );
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = rowOf(a.vectors, i);
    for (let j = 0; j < columns; j++) {
      const squared = (lengths[0]?.[i] ?? 0) + (lengths[1]?.[j] ?? 0) - 2 * dot(row, rowOf(b.vectors, j));
      data[i * columns + j] = Math.max(0, squared) + classDistance(a.classOf[i] ?? 0, b.classOf[j] ?? 0);
    }
  }
  return { rows, columns, data };
}

function squaredLength(vectors: Matrix, row: number): number {
  return dot(rowOf(vectors, row), rowOf(vectors, row));
}
