import * as tf from '@tensorflow/tfjs-core';
import { knownSlope } from './knownSlope.ts';

/** Doubles the smallest singular values about 12 times over: what is then still short of 1 hardly counts. */
const ROUNDS = 20;
const SMALLEST_SQUARED_NORM = 1e-12;

/** Sets of vectors as Gaussians, [B, n, D]: the means [B, D], and the centred vectors over √(n − 1). */
export interface Gaussians {
  readonly means: tf.Tensor2D;
  /** F with FᵀF the covariance (n − 1), [B, n, D]. */
  readonly factors: tf.Tensor3D;
}

/** A set of one vector has no covariance. */
export function gaussians(sets: tf.Tensor3D): Gaussians {
  const means = tf.mean(sets, 1, true);
  const factors = tf.div<tf.Tensor3D>(tf.sub(sets, means), Math.sqrt(Math.max(1, sets.shape[1] - 1)));
  return { means: tf.squeeze(means, [1]), factors };
}

/**
 * Squared 2-Wasserstein distances of every a to every b, ‖μ₁ − μ₂‖² + tr S₁ + tr S₂ − 2 tr (S₁^½ S₂ S₁^½)^½, [A, B]
 * (methods.md 4). The last trace is the nuclear norm of F₁F₂ᵀ, so that no root of a covariance, most of which have
 * fewer items than dimensions, is taken or differentiated.
 */
export function squaredWasserstein(a: Gaussians, b: Gaussians): tf.Tensor2D {
  const [counts, sizes] = [
    [a.factors.shape[0], b.factors.shape[0]],
    [a.factors.shape[1], b.factors.shape[1]],
  ] as const;
  const products = tf.matMul(flat(a.factors), tf.transpose(flat(b.factors)));
  const pairs = tf.transpose(tf.reshape(products, [counts[0], sizes[0], counts[1], sizes[1]]), [0, 2, 1, 3]);
  const shared = nuclearNorm(tf.reshape(pairs, [counts[0] * counts[1], sizes[0], sizes[1]]));
  const own = tf.add(tf.reshape(variances(a), [-1, 1]), tf.reshape(variances(b), [1, -1]));
  const moved = tf.add(squaredDistances(a.means, b.means), own);
  return tf.relu(tf.sub(moved, tf.mul(tf.reshape(shared, [...counts]), 2)));
}

/**
 * Sums of the singular values of matrices [B, n, m], [B]. The gradient of a nuclear norm is the polar factor UVᵀ, which
 * Newton–Schulz rounds X ← 1.5 X − 0.5 X XᵀX find from the matrix over its Frobenius norm.
 */
export function nuclearNorm(matrices: tf.Tensor3D): tf.Tensor1D {
  return knownSlope(matrices, (values) => {
    const length = tf.sqrt(tf.add(tf.sum(tf.square(values), [1, 2], true), SMALLEST_SQUARED_NORM));
    let polar = tf.div<tf.Tensor3D>(values, length);
    for (let round = 0; round < ROUNDS; round++) polar = tf.sub(tf.mul(polar, 1.5), tf.mul(gramTimes(polar), 0.5));
    return { value: tf.sum(tf.mul(polar, values), [1, 2]), slope: polar };
  });
}

/** ‖a − b‖² of every row of a [n, D] and of b [m, D]: [n, m]. */
export function squaredDistances(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
  const lengths = tf.add(tf.sum(tf.square(a), 1, true), tf.transpose(tf.sum(tf.square(b), 1, true)));
  return tf.relu(tf.sub(lengths, tf.mul(tf.matMul(a, tf.transpose(b)), 2)));
}

/** X XᵀX, with the smaller of the two products first. */
function gramTimes(x: tf.Tensor3D): tf.Tensor3D {
  const turned = tf.transpose(x, [0, 2, 1]);
  return x.shape[1] <= x.shape[2] ? tf.matMul(tf.matMul(x, turned), x) : tf.matMul(x, tf.matMul(turned, x));
}

function variances({ factors }: Gaussians): tf.Tensor1D {
  return tf.sum(tf.square(factors), [1, 2]);
}

function flat(sets: tf.Tensor3D): tf.Tensor2D {
  return tf.reshape(sets, [-1, sets.shape[2]]);
}
