import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { Layout } from '../../../../src/learning/networks/layout.ts';
import type { Module } from '../../../../src/learning/networks/modules.ts';

const STEP = 1e-2;

/** A number that depends on every output differently. */
export function lossOf(module: Module, inputs: tf.Tensor, present?: tf.Tensor): (weights: tf.Tensor1D) => tf.Scalar {
  const layout = new Layout(module.parameters);
  return (weights) => {
    const outputs = module.apply(layout.cut(weights), inputs, present);
    const random = Random.of(1, 'how outputs count');
    const counts = Float32Array.from({ length: outputs.size }, () => random.between(-1, 1));
    return tf.sum(tf.mul(outputs, tf.tensor(counts, outputs.shape)));
  };
}

/**
 * Expects that the gradient of a function of a vector agrees with central differences along some random directions: in
 * float32 that is far more exact than along single axes.
 */
export async function expectSlopes(loss: (weights: tf.Tensor1D) => tf.Scalar, at: Float32Array): Promise<void> {
  const valueAt = async (weights: Float32Array) => {
    const value = tf.tidy(() => loss(tf.tensor1d(weights)));
    const [number = Number.NaN] = await value.data();
    value.dispose();
    return number;
  };
  const gradient = tf.tidy(() => tf.grad((weights) => loss(weights as tf.Tensor1D))(tf.tensor1d(at)));
  const slopes = await gradient.data();
  gradient.dispose();
  const random = Random.of(2, 'directions');
  for (let direction = 0; direction < 6; direction++) {
    const ahead = at.map(() => random.normal());
    const length = Math.hypot(...ahead);
    const moved = (by: number) => valueAt(at.map((value, i) => value + (by * (ahead[i] ?? 0)) / length));
    const difference = ((await moved(STEP)) - (await moved(-STEP))) / (2 * STEP);
    const slope = ahead.reduce((sum, value, i) => sum + (value / length) * (slopes[i] ?? 0), 0);
    const size = Math.hypot(...slopes) / Math.sqrt(at.length);
    expect(Math.abs(slope - difference) / Math.max(size, Math.abs(slope))).toBeLessThan(0.03);
  }
}
