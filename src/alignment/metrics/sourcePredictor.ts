import { CholeskyDecomposition, Matrix as DenseMatrix } from 'ml-matrix';
import {
  columnMeans,
  crossProduct,
  fromRows,
  type Matrix,
  rowOf,
  rowProducts,
  selectRows,
  zeros,
} from '../../base/matrix.ts';
import { mean } from '../../base/statistics.ts';
import type { Measured } from './measured.ts';

const STEPS = 300;
/** The fit is done when another step would lower the loss of a row by about this much. */
const TOLERANCE = 1e-8;

export interface SourcePredictor {
  /** Sorted: the columns of what `predict` gives. */
  readonly classes: readonly string[];
  /** Rows of the common space, N × D → their class probabilities, N × K. */
  readonly predict: (vectors: Matrix) => Matrix;
}

/**
 * Multinomial logistic regression on the vectors of the source modality: p(k | x) = softmax(Wx + c) with the smallest
 * −Σ log p + ½ λ ‖W‖², λ = the mean variance of a column, so that the scale of the space plays no part. Found with the
 * fixed bound ½ XᵀX + λI on the curvature (Böhning, "Multinomial Logistic Regression Algorithm", 1992), accelerated with
 * restarts (O'Donoghue & Candès, 2015); nothing is random. O(N D² + D³), and O(N D K + D² K) for each of at most 300 steps.
 *
 * @param vectors N × D in the common space
 * @param labels of the rows; those without one are left out
 */
export function fitSourcePredictor(
  vectors: Matrix,
  labels: readonly (string | undefined)[],
): Measured<SourcePredictor> {
  const labelled = labels.flatMap((label, row) => (label === undefined ? [] : [{ label, row }]));
  const classes = [...new Set(labelled.map(({ label }) => label))].sort();
  if (classes.length < 2) {
    return { reason: `The source modality needs items of at least 2 classes, and there are ${classes.length}.` };
  }
  const rows = labelled.map(({ row }) => row);
  const origin = columnMeans(selectRows(vectors, rows));
  const targets = labelled.map(({ label }) => classes.indexOf(label));
  const weights = fitSoftmax(withOnes(selectRows(vectors, rows), origin), targets, classes.length);
  return { classes, predict: (queries) => softmax(withOnes(queries, origin), weights) };
}

/** @param x centred, but for a last column of ones; returns K × columns, of which the last is not penalised. */
function fitSoftmax(x: Matrix, targets: readonly number[], count: number): DenseMatrix {
  const gram = DenseMatrix.from1DArray(x.columns, x.columns, crossProduct(x, x));
  const variances = gram
    .diagonal()
    .slice(0, -1)
    .map((square) => square / x.rows);
  const penalty = mean(variances) || 1;
  const penalties = DenseMatrix.diag([...variances.map(() => penalty), 0]);
  const bound = new CholeskyDecomposition(DenseMatrix.add(penalties, gram.mul(0.5)));
  let current = DenseMatrix.zeros(count, x.columns);
  let [ahead, momentum] = [current, 1];
  for (let step = 0; step < STEPS; step++) {
    const gradient = DenseMatrix.add(gradientOfLoss(x, ahead, targets), ahead.mmul(penalties));
    const move = bound.solve(gradient.transpose()).transpose();
    const next = DenseMatrix.sub(ahead, move);
    if (product(gradient, move) < TOLERANCE * x.rows) return next;
    const overshot = product(gradient, DenseMatrix.sub(next, current)) > 0;
    const grown = overshot ? 1 : (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const carried = overshot ? 0 : (momentum - 1) / grown;
    ahead = DenseMatrix.add(next, DenseMatrix.sub(next, current).mul(carried));
    [current, momentum] = [next, grown];
  }
  return current;
}

/** Of −Σ log p(target): (P − Y)ᵀ X. */
function gradientOfLoss(x: Matrix, weights: DenseMatrix, targets: readonly number[]): DenseMatrix {
  const residuals = softmax(x, weights);
  for (const [row, target] of targets.entries()) {
    const at = row * residuals.columns + target;
    residuals.data[at] = (residuals.data[at] ?? 0) - 1;
  }
  return DenseMatrix.from1DArray(residuals.columns, x.columns, crossProduct(residuals, x));
}

function softmax(x: Matrix, weights: DenseMatrix): Matrix {
  const probabilities = zeros(x.rows, weights.rows);
  rowProducts(x, 0, x.rows, fromRows(weights.to2DArray()), probabilities.data);
  for (let r = 0; r < x.rows; r++) {
    const row = rowOf(probabilities, r);
    const largest = row.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
    const total = row.reduce((sum, score) => sum + Math.exp(score - largest), 0);
    for (const [k, score] of row.entries()) row[k] = Math.exp(score - largest) / total;
  }
  return probabilities;
}

/** Every row minus the origin, and a 1. */
function withOnes(vectors: Matrix, origin: Float64Array): Matrix {
  const extended = zeros(vectors.rows, vectors.columns + 1);
  for (let r = 0; r < vectors.rows; r++) {
    const [row, out] = [rowOf(vectors, r), rowOf(extended, r)];
    for (const [c, value] of row.entries()) out[c] = value - (origin[c] ?? 0);
    out[vectors.columns] = 1;
  }
  return extended;
}

function product(a: DenseMatrix, b: DenseMatrix): number {
  return DenseMatrix.mul(a, b).sum();
}
