import * as tf from '@tensorflow/tfjs-core';

/** The moments of an Adam after `step` steps: plain data. */
export interface AdamState {
  readonly step: number;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam over one weight vector, as torch.optim.Adam computes it. (The one of tfjs keeps its state in slots by position
 * and cannot be stored and restored bit by bit.) beta1 is 0 in the inner loops of Reptile, 0.9 in ordinary training.
 */
export class Adam {
  #step = 0;
  #first: tf.Tensor1D;
  #second: tf.Tensor1D;

  constructor(
    size: number,
    readonly learningRate: number,
    readonly beta1: number,
    state?: AdamState,
  ) {
    this.#step = state?.step ?? 0;
    this.#first = state === undefined ? tf.zeros([size]) : tf.tensor1d(state.first);
    this.#second = state === undefined ? tf.zeros([size]) : tf.tensor1d(state.second);
  }

  /** One step; gives new weights and leaves the old ones as they are. Both are [size]. */
  update(weights: tf.Tensor1D, gradient: tf.Tensor1D): tf.Tensor1D {
    this.#step++;
    const { updated, first, second } = tf.tidy(() => {
      const v: tf.Tensor1D = tf.add(tf.mul(this.#second, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
      const scale = tf.add(tf.sqrt(tf.div(v, 1 - BETA2 ** this.#step)), EPSILON);
      const m = this.#momentum(gradient);
      const rate = this.learningRate / (1 - this.beta1 ** this.#step);
      const next = tf.sub<tf.Tensor1D>(weights, tf.div(tf.mul(m ?? gradient, rate), scale));
      return { updated: next, second: v, ...(m && { first: m }) };
    });
    if (first !== undefined) {
      this.#first.dispose();
      this.#first = first;
    }
    this.#second.dispose();
    this.#second = second;
    return updated;
  }

  /** The new first moment; nothing without momentum, where it is the gradient itself. */
  #momentum(gradient: tf.Tensor1D): tf.Tensor1D | undefined {
    if (this.beta1 === 0) return undefined;
    return tf.add(tf.mul(this.#first, this.beta1), tf.mul(gradient, 1 - this.beta1));
  }

  async state(): Promise<AdamState> {
    return { step: this.#step, first: await values(this.#first), second: await values(this.#second) };
  }

  dispose(): void {
    tf.dispose([this.#first, this.#second]);
  }
}

async function values(tensor: tf.Tensor1D): Promise<Float32Array> {
  return Float32Array.from(await tensor.data());
}
