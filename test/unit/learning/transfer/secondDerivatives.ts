import * as tf from '@tensorflow/tfjs-core';
import { parameter } from '../../../../src/learning/networks/layout.ts';
import type { Module } from '../../../../src/learning/networks/modules.ts';

/** e^x whose gradient can be differentiated again: the stock one cannot (tensorflow/tfjs#3252). */
function exp(x: tf.Tensor): tf.Tensor {
  const differentiable = tf.customGrad((given, save) => {
    const input = given as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    return {
      value: tf.exp(input),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => saved.map((own) => tf.mul(dy, exp(own))),
    };
  });
  return differentiable(x);
}

/** σ(x), in the same way. */
function sigmoid(x: tf.Tensor): tf.Tensor {
  const differentiable = tf.customGrad((given, save) => {
    const input = given as tf.Tensor;
    (save as tf.GradSaveFunc)([input]);
    const slope = (own: tf.Tensor) => tf.mul(sigmoid(own), sigmoid(tf.neg(own)));
    return {
      value: tf.sigmoid(input),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => saved.map((own) => tf.mul(dy, slope(own))),
    };
  });
  return differentiable(x);
}

/** The GELU of the networks, from {@link sigmoid}. */
export const gelu: Module = {
  parameters: [],
  apply: (_, inputs) => tf.mul(inputs, sigmoid(tf.mul(inputs, 1.702))),
};

/** Cross-entropy of logits [B, N], from {@link exp}; the largest logit of a row counts as a constant. */
export function crossEntropy(logits: tf.Tensor2D, labels: tf.Tensor2D): tf.Scalar {
  const largest = tf.customGrad((given) => ({
    value: tf.max(given as tf.Tensor, 1, true),
    gradFunc: () => tf.zerosLike(given as tf.Tensor),
  }))(logits);
  const shifted = tf.sub(logits, largest);
  const likelihood = tf.sub(tf.sum(tf.mul(shifted, labels), 1), tf.log(tf.sum(exp(shifted), 1)));
  return tf.neg(tf.mean(likelihood));
}

/** A layer norm of operations that can all be differentiated again: that of the networks has a gradient of its own. */
export function layerNorm(name: string, width: number): Module {
  return {
    parameters: [
      { name: `${name}.scale`, shape: [width], centre: 1, spread: 0 },
      { name: `${name}.shift`, shape: [width], centre: 0, spread: 0 },
    ],
    apply(tensors, values) {
      const centred = tf.sub(values, tf.mean(values, -1, true));
      const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5));
      const scaled = tf.mul(tf.div(centred, deviation), parameter(tensors, `${name}.scale`));
      return tf.add(scaled, parameter(tensors, `${name}.shift`));
    },
  };
}
