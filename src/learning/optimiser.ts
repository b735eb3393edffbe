import type * as tf from '@tensorflow/tfjs-core';

/** What an optimiser keeps of earlier gradients, and two numbers that it makes anew for every step. */
export type Moments = Readonly<Record<'first' | 'second', tf.Tensor1D> & Record<'rate' | 'correction', tf.Scalar>>;

/** What a step gives: new weights [size], and what is kept from then on. */
export type Stepped = Readonly<Record<'weights' | 'first' | 'second', tf.Tensor1D>>;

/** A step from weights [size] along a gradient [size]: pure, and the same function for all optimisers that step alike. */
export type Rule = (weights: tf.Tensor1D, gradient: tf.Tensor1D, moments: Moments) => Stepped;

/** Moves one vector of weights along its gradients. */
export interface Optimiser {
  readonly rule: Rule;
  /** One step that `take` takes by the rule. Gives what that gives; the moments remain with the optimiser. */
  advance<Result extends Stepped>(take: (moments: Moments) => Result): Omit<Result, 'first' | 'second'>;
  dispose(): void;
}
