import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../base/random.ts';
import { squaredDistances } from './gaussians.ts';
import { knownSlope } from './knownSlope.ts';

/** Source embeddings that a target is compared with: `each` of every class, class after class. */
export interface SourceSample {
  /** [classes · each, D]. */
  readonly embeddings: tf.Tensor2D;
  readonly classes: number;
  readonly each: number;
}

/**
 * How far the embeddings of target classes [N, n, D] are from the source. As in ORCA, each class is scored alone against
 * all classes of the source, and the scores are averaged (methods.md 3.2): a support set holds as many items of each.
 */
export interface Distance {
  readonly name: string;
  /** Differentiable. */
  of(target: tf.Tensor3D): tf.Scalar;
  /** What belongs to the distance but is constant, and so left out of what is minimised. */
  offset?(): tf.Scalar;
}

export type DistanceOf = (source: SourceSample, random: Random) => Distance;

const KERNELS = 5;
const SMALLEST_SQUARED_LENGTH = 1e-12;

/**
 * Squared maximum mean discrepancy as ORCA computes it (utils.py:38-100; methods.md 3.2): the sum of 5 Gaussian kernels
 * exp(−‖x − y‖² / b 2ⁱ), i = 0…4, b a quarter of the mean squared distance within both sets together, held constant; the
 * biased estimate. The source is drawn anew at the size of the target class.
 */
export function meanDiscrepancy(source: SourceSample, random: Random): Distance {
  return {
    name: 'mmd',
    of: (target) => tf.mean(discrepancies(target, drawLike(source, target, random))),
  };
}

/** The same of sets [B, n, D] and others [B, n, D]: [B]. */
export function discrepancies(sets: tf.Tensor3D, others: tf.Tensor3D): tf.Tensor1D {
  const [batch, size] = sets.shape;
  const distances = squaredDistancesWithin(tf.concat([sets, others], 1));
  const bandwidth = knownSlope(distances, (values) => ({
    value: tf.div(tf.sum(values, [1, 2]), 4 * 2 * size * (2 * size - 1)),
    slope: tf.zerosLike(values),
  }));
  const ratio = tf.neg(tf.div(distances, tf.reshape(bandwidth, [batch, 1, 1])));
  const kernels = Array.from({ length: KERNELS }, (_, i) => tf.exp(tf.div(ratio, 2 ** i)));
  const signs = Array.from({ length: 2 * size }, (_, i) => (i < size ? 1 : -1) / size);
  const weights = tf.matMul(tf.tensor2d(signs, [2 * size, 1]), tf.tensor2d(signs, [1, 2 * size]));
  return tf.sum(tf.mul(tf.addN(kernels), weights), [1, 2]);
}

/** Mean Euclidean distance between the items of a class and source items drawn at random (ORCA, utils.py:18-35). */
export function meanDistance(source: SourceSample, random: Random): Distance {
  return {
    name: 'l2',
    of(target) {
      const squared = tf.sum(tf.square(tf.sub(target, drawLike(source, target, random))), -1);
      return tf.mean(tf.sqrt(tf.add(squared, SMALLEST_SQUARED_LENGTH)));
    },
  };
}

/** As many source items as the target has of each class: [N, n, D]; without repetition within a class, where they do. */
function drawLike({ embeddings }: SourceSample, target: tf.Tensor3D, random: Random): tf.Tensor3D {
  const [classes, size] = target.shape;
  const places = [...Array(embeddings.shape[0]).keys()];
  const drawn = Array.from({ length: classes }, () => {
    const order = random.sample(places, size);
    return Array.from({ length: size }, (_, i) => order[i % order.length] ?? 0);
  });
  return tf.reshape(tf.gather(embeddings, drawn.flat()), target.shape);
}

/** Of sets [B, n, D]: [B, n, n]. */
export function squaredDistancesWithin(sets: tf.Tensor3D): tf.Tensor3D {
  const lengths = tf.sum(tf.square(sets), 2, true);
  const products = tf.matMul(sets, tf.transpose(sets, [0, 2, 1]));
  return tf.relu(tf.sub(tf.add(lengths, tf.transpose(lengths, [0, 2, 1])), tf.mul(products, 2)));
}

/** From every row of a source [S, D] to every item of sets [B, n, D]: [B, S, n]. */
export function squaredDistancesTo(sets: tf.Tensor3D, source: tf.Tensor2D): tf.Tensor3D {
  const [batch, size, width] = sets.shape;
  const all = squaredDistances(source, tf.reshape(sets, [batch * size, width]));
  return tf.transpose(tf.reshape(all, [-1, batch, size]), [1, 0, 2]);
}
