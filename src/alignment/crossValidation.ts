import { type Matrix, selectRows, zeros } from '../base/matrix.ts';
import type { Job } from '../base/progress.ts';
import { Random } from '../base/random.ts';
import type { AlignmentReport } from '../protocol.ts';
import { assignFolds } from './folds.ts';
import { type HeldOut, rankHeldOut, type ScoredPair } from './heldOut.ts';
import { type PairedVectors, swapped } from './pairedVectors.ts';
import type { RankedQuery } from './retrieval.ts';
import { fitRidge } from './ridge.ts';

/** One direction over all folds: each pair was held out once. */
export interface Direction {
  readonly ranked: readonly RankedQuery[];
  /** In the order of the pairs. */
  readonly scored: readonly ScoredPair[];
  /** A row for each pair: the mapped first items and the second items, unit vectors in the second space. */
  readonly mapped: Matrix;
  readonly partners: Matrix;
}

export interface CrossValidation {
  readonly folds: number;
  readonly forward: Direction;
  readonly backward: Direction;
}

/**
 * For each fold, a ridge map from the first space to the second (and one back) is fitted on the other folds, and the
 * held-out pairs are ranked among themselves. The next fold chooses the ridge's strength; the held-out one has no say.
 */
export async function crossValidate(
  data: PairedVectors,
  options: { folds: number; seed: number; relevance: AlignmentReport['relevance'] },
  { progress, signal }: Job = {},
): Promise<CrossValidation> {
  const random = Random.of(options.seed, 'alignment folds');
  const { foldOf, folds } = assignFolds(data.firstOf, data.secondOf, options.folds, random);
  const forward: HeldOut[] = [];
  const backward: HeldOut[] = [];
  const order: number[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const held = pairsWhere(foldOf, (of) => of === fold);
    const fitted = pairsWhere(foldOf, (of) => of !== fold);
    const next = (fold + 1) % folds;
    const validation = new Set(fitted.flatMap((pair, place) => (foldOf[pair] === next ? place : [])));
    for (const [view, results] of [
      [data, forward],
      [swapped(data), backward],
    ] as const) {
      const map = fitRidge(
        pick(view.first, view.firstOf, fitted),
        pick(view.second, view.secondOf, fitted),
        validation,
      );
      results.push(await rankHeldOut(view, held, map, options.relevance, signal));
    }
    order.push(...held);
    progress?.({ stage: 'ranking held-out pairs', done: fold + 1, total: folds });
  }
  return { folds, forward: join(forward, order), backward: join(backward, order) };
}

function pairsWhere(foldOf: Uint32Array, wanted: (fold: number) => boolean): number[] {
  return [...foldOf.keys()].filter((pair) => wanted(foldOf[pair] ?? 0));
}

function pick(items: Matrix, itemOf: Uint32Array, pairs: readonly number[]): Matrix {
  return selectRows(
    items,
    pairs.map((pair) => itemOf[pair] ?? 0),
  );
}

function join(folds: readonly HeldOut[], order: readonly number[]): Direction {
  return {
    ranked: folds.flatMap(({ ranked }) => ranked),
    scored: folds.flatMap(({ scored }) => scored).sort((a, b) => a.pair - b.pair),
    mapped: stack(
      folds.map(({ mapped }) => mapped),
      order,
    ),
    partners: stack(
      folds.map(({ partners }) => partners),
      order,
    ),
  };
}

/** Row `order[i]` of the result is the i-th row of the parts, one after the other. */
function stack(parts: readonly Matrix[], order: readonly number[]): Matrix {
  const columns = parts[0]?.columns ?? 0;
  const result = zeros(order.length, columns);
  let at = 0;
  for (const part of parts) {
    for (let row = 0; row < part.rows; row++) {
      result.data.set(part.data.subarray(row * columns, (row + 1) * columns), (order[at++] ?? 0) * columns);
    }
  }
  return result;
}
