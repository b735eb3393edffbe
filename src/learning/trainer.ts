import * as tf from '@tensorflow/tfjs-core';
import { Random, type RandomState } from '../base/random.ts';
import { mean } from '../base/statistics.ts';
import type { Method } from '../protocol.ts';
import type { AdamStates } from './adams.ts';
import { solveTasks, type TaskResult } from './evaluate.ts';
import { type Recall, retrieve } from './galleries.ts';
import type { Learned, LearningMethod, Lesson } from './methods/method.ts';
import { openMethod } from './methods/methods.ts';
import type { WeightVector } from './networks/layout.ts';
import type { TargetTask } from './tasks.ts';

/** What one iteration lost, and the accuracy on the validation tasks where it was measured. */
export interface IterationResult {
  readonly losses: Learned['losses'];
  readonly validationAccuracy?: number;
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
  readonly adams: AdamStates;
  /** What the method carries over besides. */
  readonly carried?: Float32Array;
}

/** One method in training, one iteration at a time, so that the runner can log, store and stop between two. */
export class Trainer {
  readonly name: Method;
  readonly method: LearningMethod;
  readonly #lesson: Lesson;
  #iteration: number;
  #weights: tf.Tensor1D;
  #best: BestIterate | undefined;
  readonly #random: Random;

  /**
   * At its start, or where `state` left off. All methods of one network start from the same weights. The backend must be
   * open. The caller disposes it.
   */
  constructor(name: Method, lesson: Lesson, state?: TrainerState) {
    const { seed } = lesson.settings;
    this.name = name;
    this.#lesson = lesson;
    this.method = openMethod(name, lesson, state?.adams, state?.carried);
    this.#iteration = state?.iteration ?? 0;
    this.#weights = tf.tensor1d(state?.weights ?? this.method.initialise(Random.of(seed, 'initial weights')));
    this.#best = state?.best;
    this.#random = state === undefined ? Random.of(seed, 'meta-training') : Random.fromState(state.random);
  }

  /** Iterations altogether; 0 for a method that does not train before the test. */
  get total(): number {
    return this.method.total;
  }

  /** Iterations done. */
  get iteration(): number {
    return this.#iteration;
  }

  /**
   * One iteration; after every `validateEvery` of them, and after the last, also the validation tasks.
   * @throws InputError when a loss is not finite, naming the term, the step and the iteration.
   */
  async step(): Promise<IterationResult> {
    if (this.#iteration >= this.total) throw new RangeError('meta-training is over');
    const epsilon = 1 - this.#iteration / this.total;
    const place = { iteration: this.#iteration + 1, epsilon, random: this.#random };
    const { weights, losses } = await this.method.iterate(this.#weights, place);
    this.#weights.dispose();
    this.#weights = weights;
    this.#iteration++;
    if (!this.#validationIsDue()) return { losses };
    return { losses, validationAccuracy: await this.#validate() };
  }

  async checkpoint(): Promise<TrainerState> {
    const adams = (await this.method.adamStates?.()) ?? {};
    const carried = await this.method.carried?.();
    return {
      method: this.name,
      iteration: this.#iteration,
      random: this.#random.state(),
      weights: await this.#vector(),
      adams,
      ...(this.#best === undefined ? {} : { best: this.#best }),
      ...(carried === undefined ? {} : { carried }),
    };
  }

  /** What is tested: the best iterate on validation; the last where there are no validation classes. */
  async selected(): Promise<{ iteration: number; weights: WeightVector }> {
    return this.#best ?? { iteration: this.#iteration, weights: await this.#vector() };
  }

  /** Solves some tasks with the weights given, in order; a resumed run passes the remaining tasks only. */
  test(weights: WeightVector, tasks: readonly TargetTask[], shots: number): AsyncGenerator<TaskResult> {
    return solveTasks(this.method, weights, tasks, shots);
  }

  /** How well partners of new classes find each other with the weights given; nothing where the method has no shared space. */
  async retrieve(weights: WeightVector): Promise<Recall[]> {
    const embed = this.method.embed?.bind(this.method);
    if (embed === undefined) return [];
    const start = tf.tensor1d(weights);
    try {
      return await retrieve(this.#lesson.episodes.galleries, (side, rows) => embed(start, side, rows));
    } finally {
      start.dispose();
    }
  }

  dispose(): void {
    this.#weights.dispose();
    this.method.dispose();
  }

  #validationIsDue(): boolean {
    const { validateEvery } = this.#lesson.settings;
    if (this.#selectionTasks().length === 0) return false;
    return this.#iteration % validateEvery === 0 || this.#iteration === this.total;
  }

  /** Mean accuracy on the validation tasks with the largest number of shots; keeps the weights when it is the best. */
  async #validate(): Promise<number> {
    const { shots } = this.#lesson.settings;
    const weights = await this.#vector();
    const accuracies: number[] = [];
    for await (const result of this.test(weights, this.#selectionTasks(), Math.max(...shots))) {
      accuracies.push(result.accuracy);
    }
    const accuracy = mean(accuracies);
    if (this.#best === undefined || accuracy > this.#best.accuracy) {
      this.#best = { iteration: this.#iteration, accuracy, weights };
    }
    return accuracy;
  }

  #selectionTasks(): readonly TargetTask[] {
    return this.method.selectionTasks ?? this.#lesson.episodes.validationTasks;
  }

  async #vector(): Promise<WeightVector> {
    return Float32Array.from(await this.#weights.data());
  }
}
