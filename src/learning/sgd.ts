import * as tf from '@tensorflow/tfjs-core';
import type { Moments, Optimiser, Rule, Stepped } from './optimiser.ts';

const MOMENTUM = 0.9;

/** The first moment is the velocity; the second is a placeholder, which stays as it is. */
const alongVelocity: Rule = (weights, gradient, { first, second, rate }) => {
  const velocity: tf.Tensor1D = tf.add(tf.mul(first, MOMENTUM), gradient);
  return { weights: tf.sub<tf.Tensor1D>(weights, tf.mul(velocity, rate)), first: velocity, second: tf.clone(second) };
};

/**
 * Gradient descent with momentum 0.9 over one weight vector, as torch.optim.SGD computes it. How far it moves the weights
 * follows the gradient, where Adam moves each of them about as far with every step.
 */
export class Sgd implements Optimiser {
  readonly rule = alongVelocity;
  #velocity: tf.Tensor1D;
  #placeholder: tf.Tensor1D = tf.zeros([1]);

  constructor(
    size: number,
    readonly learningRate: number,
  ) {
    this.#velocity = tf.zeros([size]);
  }

  advance<Result extends Stepped>(take: (moments: Moments) => Result): Omit<Result, 'first' | 'second'> {
    const rate = tf.scalar(this.learningRate);
    try {
      const moments = { first: this.#velocity, second: this.#placeholder, rate, correction: rate };
      const { first, second, ...others } = take(moments);
      this.dispose();
      this.#velocity = first;
      this.#placeholder = second;
      return others;
    } finally {
      rate.dispose();
    }
  }

  dispose(): void {
    tf.dispose([this.#velocity, this.#placeholder]);
  }
}
