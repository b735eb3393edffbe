import * as tf from '@tensorflow/tfjs-core';
import { Adam } from '../adam.ts';
import { descend, type Objective } from '../descent.ts';
import { alignment, classification } from '../objectives.ts';
import { drawAlignmentTask, drawClassificationTask } from '../tasks.ts';
import { type Learner, type Part, partOf, withPart } from './learner.ts';
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

/** Reptile on the weights of one part, of which alone the objective is a loss: quicker where a task touches no others. */
export async function reptileOnPart(
  meta: tf.Tensor1D,
  part: Part,
  objective: Objective,
  settings: Learner['settings'],
  step: MetaStep,
): Promise<Learned> {
  const start = partOf(meta, part);
  try {
    const { weights, losses } = await reptile(start, objective, settings, step);
    const whole = withPart(meta, part, weights);
    weights.dispose();
    return { weights: whole, losses };
  } finally {
    start.dispose();
  }
}

/** Reptile on one source task of the classification halves. It touches, and so trains, the source path alone. */
export async function reptileOnSource(learner: Learner, meta: tf.Tensor1D, step: MetaStep): Promise<Learned> {
  const { episodes, settings, source } = learner;
  const task = drawClassificationTask(episodes.pools, settings.ways, settings.metaShots, step.random);
  const objective = classification(source, source.inputs, task, settings, step.random);
  return await reptileOnPart(meta, source, objective, settings, step);
}

/** Reptile on one alignment task of the alignment halves. */
export async function reptileOnPairs(learner: Learner, meta: tf.Tensor1D, step: MetaStep): Promise<Learned> {
  const { network, episodes, settings } = learner;
  const { ways, alignmentWays = ways, metaShots } = settings;
  const task = drawAlignmentTask(episodes.pools, episodes.strength, alignmentWays, metaShots, step.random);
  return await reptile(meta, alignment(network, episodes, task, settings, step.random), settings, step);
}

/** One piece of work after the other, each from the weights of the one before; gives the losses of all. */
export async function inTurn(
  meta: tf.Tensor1D,
  ...works: readonly ((weights: tf.Tensor1D) => Promise<Learned>)[]
): Promise<Learned> {
  let weights = tf.clone(meta);
  let losses: Learned['losses'] = {};
  for (const work of works) {
    try {
      const learned = await work(weights);
      losses = { ...losses, ...learned.losses };
      weights.dispose();
      weights = learned.weights;
    } catch (error) {
      weights.dispose();
      throw error;
    }
  }
  return { weights, losses };
}
