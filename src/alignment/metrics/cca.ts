import { Matrix as DenseMatrix, SingularValueDecomposition } from 'ml-matrix';
import {
  columnMeans,
  crossProduct,
  fromRows,
  type Matrix,
  rowProducts,
  selectRows,
  subtractRow,
  zeros,
} from '../../base/matrix.ts';
import { Random } from '../../base/random.ts';
import { mean } from '../../base/statistics.ts';
import { countAbove, symmetricEigen } from '../../embedding/eigen.ts';
import { type AgainstChance, againstChance, type Measured } from './measured.ts';
import { centredProduct, totalScatter } from './moments.ts';

/** With fewer rows for a dimension, unrelated spaces correlate highly. */
const ROWS_PER_DIMENSION = 10;
/** SVCCA keeps the leading directions with this share of the variance (the squared singular values). */
const SVCCA_SHARE = 0.99;
const SHUFFLES = 10;
/** A direction with less than this share of the largest variance is rounding noise. */
const NOISE = 1e-10;

export interface Cca {
  /** Of the canonical variates, largest first. */
  readonly correlations: readonly number[];
  /** Mean correlation. */
  readonly cca: AgainstChance;
  /** Mean correlation of the leading directions with 99 % of the variance. */
  readonly svcca: AgainstChance;
  /** Mean weighted by how much of the first (`forward`) or the second (`backward`) a variate accounts for. */
  readonly pwcca: { readonly forward: AgainstChance; readonly backward: AgainstChance };
  /** Principal components that were compared: at most N / 10 a side. */
  readonly dimensions: readonly [number, number];
}

/**
 * Canonical correlations of two matrices with rows that belong together, and their means: plain, SVCCA (Raghu et al.,
 * NeurIPS 2017) and projection-weighted (Morcos et al., NeurIPS 2018; not symmetric). All in [0, 1], higher is closer.
 * Invariant to any invertible linear map when no direction is left out, else to rotation and scale. Unrelated spaces
 * correlate by about √(D / N) or more, so both sides are first reduced to their N / 10 leading principal components, and
 * each number stands beside its mean over ten seeded shuffles of the pairs. O(N D² + D³), and O(N K² + K³) a shuffle for
 * K = min(D, N / 10).
 *
 * @param a N × D1, N ≥ 10, rows that belong together with those of `b` (N × D2)
 */
export function cca(a: Matrix, b: Matrix, seed: number): Measured<Cca> {
  const most = Math.floor(a.rows / ROWS_PER_DIMENSION);
  if (most === 0) {
    return {
      reason: `CCA needs at least ${ROWS_PER_DIMENSION} pairs for each dimension, and there are ${a.rows} pairs.`,
    };
  }
  if (totalScatter(a) === 0 || totalScatter(b) === 0) {
    return { reason: 'All vectors of one modality are equal, so nothing can correlate with them.' };
  }
  const [left, right] = [whiten(a, 1, most), whiten(b, 1, most)];
  const [leading, leadingRight] = [whiten(a, SVCCA_SHARE, most), whiten(b, SVCCA_SHARE, most)];
  const measure = (order?: readonly number[]) => {
    const numbers = correlate(left, shuffled(right, order));
    return { ...numbers, svcca: mean(correlate(leading, shuffled(leadingRight, order)).correlations) };
  };
  const random = Random.of(seed, 'CCA shuffles');
  const rows = [...Array(a.rows).keys()];
  const found = measure();
  const unrelated = Array.from({ length: SHUFFLES }, () => measure(random.shuffle(rows)));
  const beside = (pick: (numbers: typeof found) => number): AgainstChance =>
    againstChance(pick(found), unrelated.map(pick));
  return {
    correlations: found.correlations,
    cca: beside(({ correlations }) => mean(correlations)),
    svcca: beside(({ svcca }) => svcca),
    pwcca: { forward: beside(({ forward }) => forward), backward: beside(({ backward }) => backward) },
    dimensions: [left.scores.columns, right.scores.columns],
  };
}

/** The centred rows in terms of their principal directions. */
export interface Whitened {
  /** N × K with orthonormal columns: the directions' scores, each divided by its length. */
  readonly scores: Matrix;
  /** D × K: the products of the centred columns with those of `scores`. */
  readonly loadings: DenseMatrix;
}

/**
 * @param share the leading directions with this share of the variance are kept; 1 keeps all that are no rounding noise
 * @param most and at most so many
 */
export function whiten(matrix: Matrix, share: number, most: number): Whitened {
  const { values, vectors } = symmetricEigen(
    Float64Array.from(centredProduct(matrix, matrix).to1DArray()),
    matrix.columns,
  );
  const kept = Math.min(most, countAbove(values, NOISE), countForShare(values, share));
  const lengths = values.slice(0, kept).map(Math.sqrt);
  const directions = vectors.subMatrix(0, matrix.columns - 1, 0, kept - 1);
  const loadings = directions.clone().mulRowVector(lengths);
  const transform = fromRows(directions.divRowVector(lengths).transpose().to2DArray());
  const scores = zeros(matrix.rows, kept);
  rowProducts(subtractRow(matrix, columnMeans(matrix)), 0, matrix.rows, transform, scores.data);
  return { scores, loadings };
}

interface Correlated {
  readonly correlations: number[];
  readonly forward: number;
  readonly backward: number;
}

/** Canonical correlations and both projection-weighted means of two whitened matrices with rows that belong together. */
export function correlate(a: Whitened, b: Whitened): Correlated {
  const product = crossProduct(a.scores, b.scores);
  const svd = new SingularValueDecomposition(DenseMatrix.from1DArray(a.scores.columns, b.scores.columns, product), {
    autoTranspose: true,
  });
  const correlations = svd.diagonal.map((value) => Math.min(1, value));
  return {
    correlations,
    forward: projectionWeighted(correlations, a.loadings.mmul(svd.leftSingularVectors)),
    backward: projectionWeighted(correlations, b.loadings.mmul(svd.rightSingularVectors)),
  };
}

/** Σ αᵢρᵢ / Σ αᵢ with αᵢ = Σⱼ |⟨hᵢ, xⱼ⟩| over the columns xⱼ; element (j, i) of `products` is ⟨hᵢ, xⱼ⟩. */
function projectionWeighted(correlations: readonly number[], products: DenseMatrix): number {
  const weights = correlations.map((_, i) => products.getColumn(i).reduce((sum, value) => sum + Math.abs(value), 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return correlations.reduce((sum, correlation, i) => sum + correlation * (weights[i] ?? 0), 0) / total;
}

function shuffled({ scores, loadings }: Whitened, order: readonly number[] | undefined): Whitened {
  return order === undefined ? { scores, loadings } : { scores: selectRows(scores, order), loadings };
}

/** How many leading values make up this share of their sum. */
function countForShare(values: readonly number[], share: number): number {
  const positive = values.filter((value) => value > 0);
  const wanted = share * positive.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  for (const [index, value] of positive.entries()) {
    sum += value;
    if (sum >= wanted) return index + 1;
  }
  return positive.length;
}
