import * as tf from '@tensorflow/tfjs-core';
import { EMBEDDING } from '../networks/encoders.ts';
import {
  type Distance,
  type DistanceOf,
  type SourceSample,
  squaredDistancesTo,
  squaredDistancesWithin,
} from './distances.ts';
import { gaussians, squaredWasserstein } from './gaussians.ts';
import { entropicSelfTransport, entropicTransport, type Sinkhorn } from './transport.ts';

/**
 * A tenth of the squared distance of two unrelated embeddings, each of which a layer norm starts at squared length 64;
 * constant, so that the distance is one function of the weights.
 */
const EMBEDDED: Sinkhorn = { epsilon: 0.1 * 2 * EMBEDDING, rounds: 12 };

/** Squared distances between target classes [N, n, D] and source classes, as distributions: [N, K]. */
export type ClassDistance = (target: tf.Tensor3D, source: SourceSample, sinkhorn: Sinkhorn) => tf.Tensor2D;

/**
 * Optimal transport dataset distance (Alvarez-Melis & Fusi 2020; methods.md 4) of each target class to the whole
 * labelled source: two items are apart by ‖x − x′‖² + W₂² of their classes, and the cost of moving one set onto the other
 * is the debiased Sinkhorn divergence, OT(source, class) − ½ OT(class, class) − ½ OT(source, source).
 */
export function otdd(name: string, source: SourceSample, classDistance: ClassDistance, sinkhorn = EMBEDDED): Distance {
  return {
    name,
    of(target) {
      const across = entropicTransport(groundCosts(target, source, classDistance, sinkhorn), sinkhorn);
      const own = entropicSelfTransport(squaredDistancesWithin(target), sinkhorn);
      return tf.mean(tf.sub(across, tf.div(own, 2)));
    },
    offset() {
      const { classes, each } = source;
      const costs = groundCosts(asSets(source), source, classDistance, sinkhorn);
      const items = classes * each;
      const own = tf.reshape<tf.Rank.R3>(tf.transpose(costs, [1, 0, 2]), [1, items, items]);
      return tf.div(tf.mean(entropicSelfTransport(own, sinkhorn)), -2);
    },
  };
}

/** With classes as they are, and as Gaussians. */
export const exactOtdd: DistanceOf = (source) => otdd('otdd', source, betweenClouds);
export const gaussianOtdd: DistanceOf = (source) => otdd('otdd-gaussian', source, betweenGaussians);

/** ‖x − x′‖² + W₂² of the classes, of every source item to every item of each target class: [N, S, n]. */
export function groundCosts(
  target: tf.Tensor3D,
  source: SourceSample,
  classDistance: ClassDistance,
  sinkhorn: Sinkhorn,
): tf.Tensor3D {
  const [count, size] = target.shape;
  const { classes, each } = source;
  const between = tf.reshape(classDistance(target, source, sinkhorn), [count, classes, 1, 1]);
  const items = tf.reshape(squaredDistancesTo(target, source.embeddings), [count, classes, each, size]);
  return tf.reshape(tf.add(items, between), [count, classes * each, size]);
}

/** Classes as clouds of items: the debiased Sinkhorn divergence. */
export const betweenClouds: ClassDistance = (target, source, sinkhorn) => {
  const [count, size] = target.shape;
  const { embeddings, classes, each } = source;
  const costs = tf.reshape(squaredDistancesTo(target, embeddings), [count * classes, each, size]);
  const across = tf.reshape(entropicTransport(costs as tf.Tensor3D, sinkhorn), [count, classes]);
  const ownTarget = entropicSelfTransport(squaredDistancesWithin(target), sinkhorn);
  const ownSource = entropicSelfTransport(squaredDistancesWithin(asSets(source)), sinkhorn);
  const own = tf.add(tf.reshape(ownTarget, [count, 1]), tf.reshape(ownSource, [1, classes]));
  return tf.relu(tf.sub(across, tf.div(own, 2)));
};

/** Classes as Gaussians with the means and covariances (n − 1) of their items. */
export const betweenGaussians: ClassDistance = (target, source) =>
  squaredWasserstein(gaussians(target), gaussians(asSets(source)));

/** [K, each, D]. */
function asSets({ embeddings, classes, each }: SourceSample): tf.Tensor3D {
  return tf.reshape(embeddings, [classes, each, embeddings.shape[1]]);
}
