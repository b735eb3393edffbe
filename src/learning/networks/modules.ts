import * as tf from '@tensorflow/tfjs-core';
import { type Parameter, parameter, type Tensors } from './layout.ts';

/** A part of a network: its parameters, and what it computes with them. Differentiable; made of matrix products. */
export interface Module {
  readonly parameters: readonly Parameter[];
  /** [B, …] → [B, …]. */
  apply(tensors: Tensors, inputs: tf.Tensor): tf.Tensor;
}

/** One after the other. */
export function sequence(...modules: readonly Module[]): Module {
  return {
    parameters: modules.flatMap(({ parameters }) => parameters),
    apply: (tensors, inputs) => modules.reduce((values, module) => module.apply(tensors, values), inputs),
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
      const rows = tf.reshape(values, [-1, inputs]);
      const weight = parameter(tensors, `${name}.weight`) as tf.Tensor2D;
      const result = tf.add(tf.matMul(rows, weight), parameter(tensors, `${name}.bias`));
      return tf.reshape(result, [...values.shape.slice(0, -1), outputs]);
    },
  };
}

export const relu: Module = { parameters: [], apply: (_, inputs) => tf.relu(inputs) };

/** The module, and its input added to what it gives (He et al. 2016). */
export function residual(module: Module): Module {
  return {
    parameters: module.parameters,
    apply: (tensors, inputs) => tf.add(inputs, module.apply(tensors, inputs)),
  };
}

const SMALLEST_VARIANCE = 1e-5;

/** Every vector of the last axis with mean 0 and variance 1, then scaled and shifted (Ba et al. 2016): […, width] → same. */
export function layerNorm(name: string, width: number): Module {
  return {
    parameters: [
      { name: `${name}.scale`, shape: [width], centre: 1, spread: 0 },
      { name: `${name}.shift`, shape: [width], centre: 0, spread: 0 },
    ],
    apply(tensors, values) {
      const centred = tf.sub(values, tf.mean(values, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      const normal = tf.div(centred, tf.sqrt(tf.add(variance, SMALLEST_VARIANCE)));
      return tf.add(tf.mul(normal, parameter(tensors, `${name}.scale`)), parameter(tensors, `${name}.shift`));
    },
  };
}
