import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../adam.ts';
import { descend, type Objective } from '../descent.ts';
import { classification } from '../objectives.ts';
import { drawClassificationTask } from '../tasks.ts';
import type { Learner } from './fewShot.ts';
import type { Learned, MetaStep } from './method.ts';

/**
 * One Reptile step (methods.md 6 and 1.11): a copy of the weights learns the task with a fresh Adam(beta1 = 0), and
 * meta ← meta + ε (copy − meta). What the task does not touch has no gradient and stays bit by bit.
 */
export async function reptile(
  meta: tf.Tensor1D,
  objective: Objective,
  { innerSteps, learningRate }: Learner['settings'],
  { iteration, epsilon }: MetaStep,
): Promise<Learned> {
  const adam = new Adam(meta.size, learningRate, 0);
  try {
    const { weights, loss } = await descend(meta, innerSteps, objective, adam, `meta-iteration ${iteration}`);
    const interpolated = tf.tidy((): tf.Tensor1D => tf.add(meta, tf.mul(tf.sub(weights, meta), epsilon)));
    weights.dispose();
    return { weights: interpolated, losses: { [objective.term]: loss } };
  } finally {
    adam.dispose();
  }
}

/** Reptile on one source task of the classification halves. It touches, and so trains, the source path alone. */
export async function reptileOnSource(learner: Learner, meta: tf.Tensor1D, step: MetaStep): Promise<Learned> {
  const { network, episodes, settings } = learner;
  const task = drawClassificationTask(episodes.pools, settings.ways, settings.metaShots, step.random);
  const objective = classification(network.source, episodes.source, task, settings, step.random);
  const { size } = network.source.layout;
  const trained = tf.slice1d(meta, 0, size);
  const kept = tf.slice1d(meta, size, meta.size - size);
  try {
    const { weights, losses } = await reptile(trained, objective, settings, step);
    const whole = tf.concat1d([weights, kept]);
    weights.dispose();
    return { weights: whole, losses };
  } finally {
    tf.dispose([trained, kept]);
  }
}
