import * as tf from '@tensorflow/tfjs-core';
import { Random, type RandomState } from '../../base/random.ts';
import { mean } from '../../base/statistics.ts';
import type { Method } from '../../protocol.ts';
import type { AdamState } from '../adam.ts';
import { evaluateTasks } from '../evaluate.ts';
import type { WeightVector } from '../networks.ts';
import type { Learner, MetaStep } from './reptile.ts';

/** Means over the steps of one meta-iteration, and the accuracy on the validation tasks where it was measured. */
export interface IterationResult {
  readonly classificationLoss: number;
  readonly alignmentLoss: number;
  readonly validationAccuracy?: number;
}

/** What sets a method apart: what one meta-iteration does to the weights. */
export interface MetaIteration {
  /** Meta-iterations altogether. */
  readonly total: number;
  /** Gives new weights [size], which the caller disposes. */
  run(
    meta: tf.Tensor1D,
    step: MetaStep,
  ): Promise<{ weights: tf.Tensor1D; classificationLoss: number; alignmentLoss: number }>;
  /** The optimiser that outlives an iteration, if there is one. */
  adamState?(): Promise<AdamState>;
  dispose(): void;
}

/** The best iterate so far on the validation tasks. */
export interface BestIterate {
  readonly iteration: number;
  readonly accuracy: number;
  readonly weights: WeightVector;
}

/** All that a trainer needs to go on to the very same numbers: plain data, no tensors. */
export interface TrainerState {
  readonly method: Method;
  /** Iterations done. */
  readonly iteration: number;
  readonly random: RandomState;
  readonly weights: WeightVector;
  readonly best?: BestIterate;
  readonly adam?: AdamState;
}

/** Meta-training of one method, one iteration at a time, so that the runner can log, store and stop between two. */
export class Trainer {
  readonly method: Method;
  #iteration: number;
  #weights: tf.Tensor1D;
  #best: BestIterate | undefined;
  readonly #random: Random;

  /** Goes on from `state`, which also says the method. */
  constructor(
    private readonly learner: Learner,
    private readonly metaIteration: MetaIteration,
    state: TrainerState,
  ) {
    this.method = state.method;
    this.#iteration = state.iteration;
    this.#weights = tf.tensor1d(state.weights);
    this.#best = state.best;
    this.#random = Random.fromState(state.random);
  }

  /** Meta-iterations altogether; 0 for a method without meta-training. */
  get total(): number {
    return this.metaIteration.total;
  }

  /** Iterations done. */
  get iteration(): number {
    return this.#iteration;
  }

  /**
   * One meta-iteration; after every `validateEvery` of them, and after the last, also the validation tasks.
   * @throws InputError when a loss is not finite, naming the term, the step and the iteration.
   */
  async step(): Promise<IterationResult> {
    if (this.#iteration >= this.total) throw new RangeError('meta-training is over');
    const epsilon = 1 - this.#iteration / this.total;
    const place = { iteration: this.#iteration + 1, epsilon, random: this.#random };
    const { weights, ...losses } = await this.metaIteration.run(this.#weights, place);
    this.#weights.dispose();
    this.#weights = weights;
    this.#iteration++;
    if (!this.#validationIsDue()) return losses;
    return { ...losses, validationAccuracy: await this.#validate() };
  }

  async checkpoint(): Promise<TrainerState> {
    const adam = await this.metaIteration.adamState?.();
    return {
      method: this.method,
      iteration: this.#iteration,
      random: this.#random.state(),
      weights: await this.#vector(),
      ...(this.#best === undefined ? {} : { best: this.#best }),
      ...(adam === undefined ? {} : { adam }),
    };
  }

  /** What is tested: the best iterate on validation; the last where there are no validation classes. */
  async selected(): Promise<{ iteration: number; weights: WeightVector }> {
    return this.#best ?? { iteration: this.#iteration, weights: await this.#vector() };
  }

  dispose(): void {
    this.#weights.dispose();
    this.metaIteration.dispose();
  }

  #validationIsDue(): boolean {
    const { episodes, settings } = this.learner;
    if (episodes.validationTasks.length === 0) return false;
    return this.#iteration % settings.validateEvery === 0 || this.#iteration === this.total;
  }

  /** Mean accuracy on the validation tasks with the largest number of shots; keeps the weights when it is the best. */
  async #validate(): Promise<number> {
    const { episodes, settings } = this.learner;
    const weights = await this.#vector();
    const accuracies: number[] = [];
    const shots = Math.max(...settings.shots);
    for await (const result of evaluateTasks(weights, episodes, episodes.validationTasks, shots, settings)) {
      accuracies.push(result.accuracy);
    }
    const accuracy = mean(accuracies);
    if (this.#best === undefined || accuracy > this.#best.accuracy) {
      this.#best = { iteration: this.#iteration, accuracy, weights };
    }
    return accuracy;
  }

  async #vector(): Promise<WeightVector> {
    return Float32Array.from(await this.#weights.data());
  }
}
