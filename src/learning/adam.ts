import * as tf from '@tensorflow/tfjs-core';
import type { Moments, Optimiser, Rule, Stepped } from './optimiser.ts';

/** The moments of an Adam after `step` steps: plain data. */
export interface AdamState {
  readonly step: number;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

const BETA2 = 0.999;
const EPSILON = 1e-8;

/** A kernel that takes a step in one pass: for backends that pay for each operation and each pass over the memory. */
export const ADAM_STEP = 'AdamStep';

/** What {@link ADAM_STEP} takes. */
export type AdamInputs = Record<'weights' | 'gradient', tf.Tensor1D> & Moments;

/** What it gives: the new weights, the first moment and the second. */
type Given = [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];

export interface AdamConstants {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

const rules = new Map<number, Rule>();

function ruleOf(beta1: number): Rule {
  const rule: Rule =
    rules.get(beta1) ??
    ((...at) => (tf.getKernel(ADAM_STEP, tf.getBackend()) ? inOnePass(beta1, ...at) : composed(beta1, ...at)));
  rules.set(beta1, rule);
  return rule;
}

function inOnePass(beta1: number, weights: tf.Tensor1D, gradient: tf.Tensor1D, moments: Moments): Stepped {
  const inputs: AdamInputs = { weights, gradient, ...moments };
  const constants: AdamConstants = { beta1, beta2: BETA2, epsilon: EPSILON };
  const [moved, first, second] = tf.engine().runKernel<Given>(ADAM_STEP, inputs, { ...constants });
  return { weights: moved, first, second };
}

function composed(
  beta1: number,
  weights: tf.Tensor1D,
  gradient: tf.Tensor1D,
  { first, second, rate, correction }: Moments,
): Stepped {
  const v: tf.Tensor1D = tf.add(tf.mul(second, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
  const scale = tf.add(tf.sqrt(tf.div(v, correction)), EPSILON);
  // Without momentum the first moment is the gradient itself.
  const m: tf.Tensor1D = beta1 === 0 ? tf.clone(gradient) : tf.add(tf.mul(first, beta1), tf.mul(gradient, 1 - beta1));
  return { weights: tf.sub<tf.Tensor1D>(weights, tf.div(tf.mul(m, rate), scale)), first: m, second: v };
}

/**
 * Adam over one weight vector, as torch.optim.Adam computes it. (The one of tfjs keeps its state in slots by position
 * and cannot be stored and restored bit by bit.) beta1 is 0 in the inner loops of Reptile, 0.9 in ordinary training.
 */
export class Adam implements Optimiser {
  readonly rule: Rule;
  #step = 0;
  #first: tf.Tensor1D;
  #second: tf.Tensor1D;

  constructor(
    size: number,
    readonly learningRate: number,
    readonly beta1: number,
    state?: AdamState,
  ) {
    this.rule = ruleOf(beta1);
    this.#step = state?.step ?? 0;
    this.#first = state === undefined ? tf.zeros([size]) : tf.tensor1d(state.first);
    this.#second = state === undefined ? tf.zeros([size]) : tf.tensor1d(state.second);
  }

  /** One step; gives new weights and leaves the old ones as they are. Both are [size]. */
  update(weights: tf.Tensor1D, gradient: tf.Tensor1D): tf.Tensor1D {
    return this.advance((moments) => tf.tidy(() => this.rule(weights, gradient, moments))).weights;
  }

  advance<Result extends Stepped>(take: (moments: Moments) => Result): Omit<Result, 'first' | 'second'> {
    this.#step++;
    const rate = tf.scalar(this.learningRate / (1 - this.beta1 ** this.#step));
    const correction = tf.scalar(1 - BETA2 ** this.#step);
    try {
      const { first, second, ...others } = take({ first: this.#first, second: this.#second, rate, correction });
      tf.dispose([this.#first, this.#second]);
      this.#first = first;
      this.#second = second;
      return others;
    } finally {
      tf.dispose([rate, correction]);
    }
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
