import * as tf from '@tensorflow/tfjs-core';
import { type Parameter, parameter, type Tensors } from './layout.ts';

const EPSILON = 1e-5;

/** A part of a network: its parameters, and what it computes with them. Differentiable; made of matrix products. */
export interface Module {
  readonly parameters: readonly Parameter[];
  /**
   * [B, …] → [B, …].
   * @param present [B, tokens, 1], 1 for a token and 0 for padding: for modules that look at several tokens at once
   */
  apply(tensors: Tensors, inputs: tf.Tensor, present?: tf.Tensor): tf.Tensor;
}

/** One after the other. */
export function sequence(...modules: readonly Module[]): Module {
  return {
    parameters: modules.flatMap(({ parameters }) => parameters),
    apply: (tensors, inputs, present) =>
      modules.reduce((values, module) => module.apply(tensors, values, present), inputs),
  };
}

/** x + module(x). */
export function residual(module: Module): Module {
  return {
    parameters: module.parameters,
    apply: (tensors, inputs, present) => tf.add(inputs, module.apply(tensors, inputs, present)),
  };
}

/** x·W + b over the last axis: […, inputs] → […, outputs]. Starts uniform in ±1/√inputs, as torch.nn.Linear does. */
export function linear(name: string, inputs: number, outputs: number): Module {
  const spread = 1 / Math.sqrt(inputs);
  return {
    parameters: [
      { name: `${name}.weight`, shape: [inputs, outputs], centre: 0, spread },
      { name: `${name}.bias`, shape: [1, outputs], centre: 0, spread },
    ],
    apply(tensors, values) {
      const rows = values.rank === 2 ? values : tf.reshape(values, [-1, inputs]);
      const weight = parameter(tensors, `${name}.weight`) as tf.Tensor2D;
      const result = tf.add(tf.matMul(rows, weight), parameter(tensors, `${name}.bias`));
      return values.rank === 2 ? result : tf.reshape(result, [...values.shape.slice(0, -1), outputs]);
    },
  };
}

/**
 * Brings the last axis to mean 0 and variance 1, then scales and shifts it: […, width] → […, width] (Ba et al. 2016,
 * arXiv 1607.06450; torch.nn.LayerNorm). It knows its own gradient, in a third of the operations that TensorFlow.js finds;
 * so it has no second derivatives.
 */
export function layerNorm(name: string, width: number): Module {
  return {
    parameters: [
      { name: `${name}.scale`, shape: [width], centre: 1, spread: 0 },
      { name: `${name}.shift`, shape: [width], centre: 0, spread: 0 },
    ],
    apply: (tensors, values) =>
      scaledNorm(values, parameter(tensors, `${name}.scale`), parameter(tensors, `${name}.shift`)),
  };
}

/** Values […, width], a scale [width] and a shift [width]. */
const scaledNorm = tf.customGrad((...given) => {
  const [values, scale, shift, save] = given as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
  const centred = tf.sub(values, tf.mean(values, -1, true));
  const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), EPSILON));
  const unit = tf.div(centred, deviation);
  save([unit, deviation, scale]);
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
    const [own = unit, length = deviation, factor = scale] = saved;
    const slope = tf.mul(dy, factor);
    const along = tf.mul(own, tf.mean(tf.mul(slope, own), -1, true));
    const byValues = tf.div(tf.sub(tf.sub(slope, tf.mean(slope, -1, true)), along), length);
    return [byValues, sumOfRows(tf.mul(dy, own)), sumOfRows(dy)];
  };
  return { value: tf.add(tf.mul(unit, scale), shift), gradFunc };
});

/** […, width] → [width]. */
function sumOfRows(values: tf.Tensor): tf.Tensor {
  return tf.sum(values, [...Array(values.rank - 1).keys()]);
}

export const relu: Module = { parameters: [], apply: (_, inputs) => tf.relu(inputs) };

/**
 * x·σ(1.702 x): GELU with a logistic function in the place of the normal distribution (Hendrycks & Gimpel 2016, arXiv
 * 1606.08415, §2). It bends where ReLU has an edge, and is never apart from it by more than 0.17. It knows its own gradient,
 * in fewer operations than TensorFlow.js finds; so it has no second derivatives.
 */
export const gelu: Module = { parameters: [], apply: (_, inputs) => gated(inputs) };

const STEEPNESS = 1.702;

/** With s = σ(k x) and y = x s, the slope is s + k y (1 − s). */
const gated = tf.customGrad((...given) => {
  const [values, save] = given as [tf.Tensor, tf.GradSaveFunc];
  const gate = tf.sigmoid(tf.mul(values, STEEPNESS));
  const value = tf.mul(values, gate);
  save([value, gate]);
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
    const [outputs = value, open = gate] = saved;
    const bend = tf.mul(outputs, STEEPNESS);
    return tf.mul(dy, tf.add(bend, tf.mul(open, tf.sub(1, bend))));
  };
  return { value, gradFunc };
});

/** [B, …] → [B, all the rest]. */
export const flatten: Module = {
  parameters: [],
  apply: (_, inputs) => tf.reshape(inputs, [inputs.shape[0] ?? 1, -1]),
};
