import * as tf from '@tensorflow/tfjs-core';
import { parameter } from './layout.ts';
import type { Module } from './modules.ts';

const POSITION_SPREAD = 0.02;

/** [B, tokens, 1]: 1 for a token, 0 for padding. A token that is zero all over is padding. Its derivative is 0. */
export function presenceOf(tokens: tf.Tensor): tf.Tensor {
  return presence(tokens);
}

const presence = tf.customGrad((input) => {
  const tokens = input as tf.Tensor;
  return {
    value: tf.cast(tf.any(tf.notEqual(tokens, 0), -1, true), 'float32'),
    gradFunc: () => tf.zeros(tokens.shape),
  };
});

/** Adds what each place of a token has learnt about itself: [B, tokens, width] → the same. */
export function positions(name: string, tokens: number, width: number): Module {
  return {
    parameters: [{ name, shape: [tokens, width], centre: 0, spread: POSITION_SPREAD }],
    apply: (tensors, values) => tf.add(values, parameter(tensors, name)),
  };
}

/** The mean of the tokens that are no padding: [B, tokens, width] → [B, width]; 0 where there is none. */
export const meanOfTokens: Module = {
  parameters: [],
  apply(_, tokens, present) {
    if (present === undefined) return tf.mean(tokens, 1);
    return tf.div(tf.sum(tf.mul(tokens, present), 1), tf.maximum(tf.sum(present, 1), 1));
  },
};

/** Padding as zeros: for modules that add up several tokens. */
export function withoutPadding(tokens: tf.Tensor, present: tf.Tensor | undefined): tf.Tensor {
  return present === undefined ? tokens : tf.mul(tokens, present);
}
