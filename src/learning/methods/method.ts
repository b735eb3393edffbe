import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../base/random.ts';
import type { AdamStates } from '../adams.ts';
import type { Episodes } from '../episodes.ts';
import type { Side } from '../galleries.ts';
import type { WeightVector } from '../networks/layout.ts';
import type { Settings } from '../settings.ts';
import type { TargetTask } from '../tasks.ts';

/** What every method learns from and by. */
export interface Lesson {
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

/** What an iteration gives. */
export interface Learned {
  /** [size]; the caller disposes it. */
  readonly weights: tf.Tensor1D;
  /** Mean of each term over the steps of the iteration: `classification`, `alignment`, … */
  readonly losses: Readonly<Record<string, number>>;
}

/** How a method solved a task. */
export interface Solution {
  /** Its label for each query, in the order of `queriesOf`. */
  readonly predicted: readonly number[];
  /** What else it measured on the way, by name. */
  readonly measures?: Readonly<Record<string, number>>;
}

/**
 * A method: how it trains before the test, and how it then solves a task with few labels. The weights are one flat vector
 * that its caller holds; a method changes no vector that it is given.
 */
export interface LearningMethod {
  /** Weights in its vector. */
  readonly size: number;
  /** Iterations before the test; 0 for none. */
  readonly total: number;
  /** What an iteration and a test task cost, in optimiser steps: for progress and time left. */
  readonly work: { readonly iteration: number; readonly task: number };
  /** What its numbers rest on that those of other methods do not, in sentences for the report. */
  readonly notes?: readonly string[];
  /** The tasks that choose the iterate, where these are not the validation tasks. */
  readonly selectionTasks?: readonly TargetTask[];
  initialise(random: Random): WeightVector;
  /** @throws InputError when a loss is not finite, naming the term, the step and the iteration. */
  iterate(weights: tf.Tensor1D, step: MetaStep): Promise<Learned>;
  /**
   * Learns the support set of a task, `shots` items a class, and answers its queries. The solution depends on
   * nothing but the weights, the task and the settings (but for `croma-released`, whose defect this is).
   * @throws InputError for a loss that is not finite.
   */
  solve(weights: tf.Tensor1D, task: TargetTask, shots: number): Promise<Solution>;
  /** True where training brings both modalities into one space, so that their embeddings are comparable. */
  readonly aligns?: boolean;
  /**
   * The embedding of each row in the space that both modalities share; where nothing aligns them, that of chance.
   */
  embed?(weights: tf.Tensor1D, side: Side, rows: readonly number[]): Promise<Float32Array[]>;
  /** The optimisers that outlive an iteration, if there are any. */
  adamStates?(): Promise<AdamStates>;
  /** What else outlives an iteration besides the weights, if there is such. */
  carried?(): Promise<Float32Array>;
  dispose(): void;
}
