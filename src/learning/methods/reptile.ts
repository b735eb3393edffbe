import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../base/random.ts';
import { Adam } from '../adam.ts';
import { descend, type Objective } from '../descent.ts';
import type { Episodes } from '../episodes.ts';
import type { Network } from '../networks.ts';
import { sourceClassification } from '../objectives.ts';
import type { Settings } from '../settings.ts';
import { drawClassificationTask } from '../tasks.ts';

/** What every meta-iteration works with. */
export interface Learner {
  readonly network: Network;
  readonly episodes: Episodes;
  readonly settings: Settings;
}

/** Where a meta-iteration stands. */
export interface MetaStep {
  /** Counted from 1, for messages. */
  readonly iteration: number;
  /** Weight of the task's result in Reptile's interpolation: 1 at the start of meta-training, towards 0 at its end. */
  readonly epsilon: number;
  readonly random: Random;
}

/** New weights, which the caller disposes, and the mean loss on the way. */
export interface Learned {
  readonly weights: tf.Tensor1D;
  readonly loss: number;
}

/**
 * One Reptile step (methods.md 6 and 1.11): a copy of the weights learns the task with a fresh Adam(beta1 = 0), and
 * meta ← meta + ε (copy − meta). What the task does not touch has no gradient and stays bit by bit.
 */
export async function reptile(
  { network, settings }: Learner,
  meta: tf.Tensor1D,
  objective: Objective,
  { iteration, epsilon }: MetaStep,
): Promise<Learned> {
  const adam = new Adam(network.size, settings.learningRate, 0);
  try {
    const place = `meta-iteration ${iteration}`;
    const { weights, loss } = await descend(meta, settings.innerSteps, objective, adam, place);
    const interpolated = tf.tidy((): tf.Tensor1D => tf.add(meta, tf.mul(tf.sub(weights, meta), epsilon)));
    weights.dispose();
    return { weights: interpolated, loss };
  } finally {
    adam.dispose();
  }
}

/** Reptile on one source task of the classification halves. It touches, and so trains, the source path alone. */
export async function reptileOnSource(learner: Learner, meta: tf.Tensor1D, step: MetaStep): Promise<Learned> {
  const { network, episodes, settings } = learner;
  const task = drawClassificationTask(episodes.pools, settings.ways, settings.metaShots, step.random);
  const path = network.sourcePath;
  const trained = tf.slice1d(meta, 0, path.size);
  const kept = tf.slice1d(meta, path.size, network.size - path.size);
  const objective = sourceClassification(path, episodes, task, settings, step.random);
  try {
    const learned = await reptile({ ...learner, network: path }, trained, objective, step);
    const weights = tf.concat1d([learned.weights, kept]);
    learned.weights.dispose();
    return { weights, loss: learned.loss };
  } finally {
    tf.dispose([trained, kept]);
  }
}
