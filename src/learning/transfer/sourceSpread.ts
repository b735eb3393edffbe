import * as tf from '@tensorflow/tfjs-core';
import type { Batch, Given, Numbers } from '../numbers.ts';

/** Of the uniformity (Wang & Isola 2020). */
const T = 2;
const SMALLEST_SQUARED_LENGTH = 1e-12;

/**
 * How badly features [B, d] separate their classes: alignment + uniformity on the unit sphere, L_align = mean ‖z₁ − z₂‖²
 * over the pairs of one class, L_uniform = log mean exp(−2 ‖z₁ − z₂‖²) over all pairs (MoNA's outer loss, methods.md 2.4,
 * after Wang & Isola 2020). In [−8, 4]; at least one class must have two items. Both weights [B, B] are of
 * {@link pairWeights}.
 */
export function sourceSpread(features: tf.Tensor2D, { all, alike }: Given<'all' | 'alike'>): tf.Scalar {
  const squared = tf.sum(tf.square(features), 1, true);
  const unit = tf.div<tf.Tensor2D>(features, tf.sqrt(tf.add(squared, SMALLEST_SQUARED_LENGTH)));
  const distances = tf.sub(2, tf.mul(tf.matMul(unit, tf.transpose(unit)), 2));
  const alignment = tf.sum(tf.mul(distances, alike));
  const uniformity = tf.log(tf.sum(tf.mul(tf.exp(tf.mul(distances, -T)), all)));
  return tf.add(alignment, uniformity);
}

/** What {@link sourceSpread} takes the means by, over the pairs of different items with these labels. */
export function pairWeights(labels: readonly number[]): Batch<'all' | 'alike'> {
  return {
    all: weightsOf(labels.length, () => true),
    alike: weightsOf(labels.length, (i, j) => labels[i] === labels[j]),
  };
}

/** [size, size]: the same for every pair of different items that belongs, 0 for the others; adds up to 1. */
function weightsOf(size: number, belongs: (i: number, j: number) => boolean): Numbers {
  const weights = new Float32Array(size * size);
  let pairs = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (i === j || !belongs(i, j)) continue;
      weights[i * size + j] = 1;
      pairs++;
    }
  }
  return { values: weights.map((weight) => weight / pairs), shape: [size, size] };
}
