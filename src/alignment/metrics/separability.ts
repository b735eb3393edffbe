import { CholeskyDecomposition, Matrix as DenseMatrix } from 'ml-matrix';
import { columnMeans, type Matrix, rowOf, selectRows, unitRows } from '../../base/matrix.ts';
import { Random } from '../../base/random.ts';
import type { Measured } from './measured.ts';
import { centredProduct, ROUNDING } from './moments.ts';

const FOLDS = 5;
const FEWEST_ROWS = 10;
/** Added to the within-modality covariance, as a multiple of its mean variance, so that it can be inverted. */
const SHRINKAGE = 0.01;

export interface Separability {
  /** Share of held-out vectors that are told apart rightly. */
  readonly accuracy: number;
  readonly chance: 0.5;
}

/**
 * How well a line tells the two modalities apart in one space: accuracy of linear discriminant analysis (Fisher, 1936)
 * on unit vectors, over five folds of pairs, so that no partner of a held-out vector was seen. The classifier is
 * w = (S + 0.01 s̄ I)⁻¹ (μ₁ − μ₂) with the threshold in the middle of the means; S is the covariance within the
 * modalities and s̄ its mean variance. In [0, 1], chance 0.5 (a vector on the line counts half); lower is better for
 * one space, and 1 is usual even for good ones (Liang et al., "Mind the Gap", NeurIPS 2022). Low N pulls it towards 0.5:
 * the classifier has D weights to learn. O(N D² + D³).
 *
 * @param first N × D, rows that belong together with those of `second`
 */
export function separability(first: Matrix, second: Matrix, seed: number): Measured<Separability> {
  if (first.rows < FEWEST_ROWS) {
    return { reason: `Separability needs at least ${FEWEST_ROWS} pairs, and there are ${first.rows}.` };
  }
  const [left, right] = [unitRows(first), unitRows(second)];
  const order = Random.of(seed, 'separability folds').shuffle([...Array(first.rows).keys()]);
  let correct = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = order.filter((_, place) => place % FOLDS === fold);
    const fitted = order.filter((_, place) => place % FOLDS !== fold);
    const scoreOf = fitDiscriminant(selectRows(left, fitted), selectRows(right, fitted));
    for (const row of held) correct += share(scoreOf(rowOf(left, row))) + share(-scoreOf(rowOf(right, row)));
  }
  return { accuracy: correct / (2 * first.rows), chance: 0.5 };
}

/** Above 0 for a vector that looks like one of the first. */
function fitDiscriminant(first: Matrix, second: Matrix): (row: Float32Array) => number {
  const within = DenseMatrix.add(centredProduct(first, first), centredProduct(second, second));
  const [mean1, mean2] = [columnMeans(first), columnMeans(second)];
  const difference = mean1.map((value, column) => value - (mean2[column] ?? 0));
  const weights = solve(within, difference, first.rows + second.rows);
  const scoreOf = (row: ArrayLike<number>): number =>
    weights.reduce((sum, weight, column) => sum + weight * (row[column] ?? 0), 0);
  const middle = (scoreOf(mean1) + scoreOf(mean2)) / 2;
  return (row) => scoreOf(row) - middle;
}

/** (S + 0.01 s̄ I)⁻¹ d; d itself when the vectors of a modality are all equal. */
function solve(within: DenseMatrix, difference: Float64Array, rows: number): number[] {
  if (within.trace() <= ROUNDING * rows) return [...difference];
  const ridge = DenseMatrix.eye(within.rows).mul((SHRINKAGE * within.trace()) / within.rows);
  const decomposed = new CholeskyDecomposition(DenseMatrix.add(within, ridge));
  return decomposed.solve(DenseMatrix.columnVector(difference)).getColumn(0);
}

function share(score: number): number {
  return score > 0 ? 1 : Number(score === 0) / 2;
}
