import * as tf from '@tensorflow/tfjs-core';

/** Keeps the length of a zero vector, and its gradient, finite. */
const SMALLEST_SQUARED_LENGTH = 1e-12;

/** Mean softmax cross-entropy of logits [B, N] against one-hot labels [B, N] (methods.md 1.4). */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Scalar {
  const likelihood = tf.sum(tf.mul(labels, tf.logSoftmax(logits, -1)));
  return tf.div(likelihood, -logits.shape[0]);
}

/**
 * Symmetric InfoNCE of paired rows a, b [B, d] (CLIP; methods.md 7): the mean of both directions' cross-entropy between
 * softmax(cosine / temperature) and `positives` [B, B], whose row i is the distribution over the matches of row i. The
 * relation behind `positives` must be symmetric. Chance is ln B for one match a row, the minimum is its entropy.
 */
export function infoNce(a: tf.Tensor2D, b: tf.Tensor2D, positives: tf.Tensor2D, temperature: number): tf.Scalar {
  const logits = tf.div<tf.Tensor2D>(tf.matMul(unit(a), tf.transpose(unit(b))), temperature);
  return tf.div(tf.add(crossEntropy(logits, positives), crossEntropy(tf.transpose(logits), positives)), 2);
}

/**
 * Rows of the target distribution of {@link infoNce}, B × B: uniform over the j that match i. By class these are the items
 * of its class, by instance those that share an item with it (so mostly itself alone).
 */
export function matchDistribution(size: number, matches: (i: number, j: number) => boolean): Float32Array {
  const distribution = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    const found: number[] = [];
    for (let j = 0; j < size; j++) if (i === j || matches(i, j)) found.push(j);
    for (const j of found) distribution[i * size + j] = 1 / found.length;
  }
  return distribution;
}

/** Rows scaled to length 1. */
function unit(rows: tf.Tensor2D): tf.Tensor2D {
  const squared = tf.sum(tf.square(rows), 1, true);
  return tf.div(rows, tf.sqrt(tf.add(squared, SMALLEST_SQUARED_LENGTH)));
}
