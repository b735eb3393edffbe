import * as tf from '@tensorflow/tfjs-core';
import type { Adams } from '../adams.ts';
import { descend, type Objective } from '../descent.ts';
import { alignment, classification } from '../objectives.ts';
import { drawAlignmentTask, drawClassificationTask } from '../tasks.ts';
import { type Learner, type Part, partOf, withPart } from './learner.ts';
import type { Learned, MetaStep } from './method.ts';

/**
 * Reptile (methods.md 6 and 1.11): a copy of the weights learns a task with Adam(beta1 = 0), and
 * meta ← meta + ε (copy − meta). What the task does not touch has no gradient and stays bit by bit. There is an Adam for
 * each kind of task, and what it knows of the size of gradients is carried from task to task, as in supervised-reptile and
 * in CROMA's released code (methods.md 1.5).
 */
export class Reptile {
  readonly #learner: Learner;
  readonly #adams: Adams;

  constructor(learner: Learner, adams: Adams) {
    this.#learner = learner;
    this.#adams = adams;
  }

  /** One step on the task of the objective. */
  async on(meta: tf.Tensor1D, objective: Objective, { iteration, epsilon }: MetaStep): Promise<Learned> {
    const { innerSteps } = this.#learner.settings;
    const adam = this.#adams.of(objective.term, meta.size, 0);
    const { weights, loss } = await descend(meta, innerSteps, objective, adam, `meta-iteration ${iteration}`);
    const interpolated = tf.tidy((): tf.Tensor1D => tf.add(meta, tf.mul(tf.sub(weights, meta), epsilon)));
    weights.dispose();
    return { weights: interpolated, losses: { [objective.term]: loss } };
  }

  /** The same on the weights of one part, of which alone the objective is a loss: quicker where a task touches no others. */
  async onPart(meta: tf.Tensor1D, part: Part, objective: Objective, step: MetaStep): Promise<Learned> {
    const start = partOf(meta, part);
    try {
      const { weights, losses } = await this.on(start, objective, step);
      const whole = withPart(meta, part, weights);
      weights.dispose();
      return { weights: whole, losses };
    } finally {
      start.dispose();
    }
  }

  /** One source task of the classification halves. It touches, and so trains, the source path alone. */
  async onSource(meta: tf.Tensor1D, step: MetaStep): Promise<Learned> {
    const { episodes, settings, source } = this.#learner;
    const task = drawClassificationTask(episodes.pools, settings.ways, settings.metaShots, step.random);
    return await this.onPart(meta, source, classification(source, source.inputs, task, settings, step.random), step);
  }

  /** One alignment task of the alignment halves. */
  async onPairs(meta: tf.Tensor1D, step: MetaStep): Promise<Learned> {
    const { network, episodes, settings } = this.#learner;
    const { ways, alignmentWays = ways, metaShots } = settings;
    const task = drawAlignmentTask(episodes.pools, episodes.strength, alignmentWays, metaShots, step.random);
    return await this.on(meta, alignment(network, episodes, task, settings, step.random), step);
  }
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
