import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openWasm } from './wasm.ts';

const A = [1, 2, 3, 4, 5, 6];
const B = [0.5, -1, 2, 0, 1, 3, -2, 1, 0.25, 1, 1, -1];
/** Makes every entry of the product count differently. */
const WEIGHTS = [1, -2, 3, 0.5, 2, 1, -1, 4];

beforeAll(openWasm);

describe('the gradient of the matrix product with explicit transposes', () => {
  test.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('agrees with finite differences when a, b are transposed: %s, %s', (transposeA, transposeB) => {
    const product = (a: tf.Tensor, b: tf.Tensor) =>
      tf.sum<tf.Scalar>(tf.mul(tf.matMul(a, b, transposeA, transposeB), tf.tensor2d(WEIGHTS, [2, 4])));
    const shapes: [[number, number], [number, number]] = [transposeA ? [3, 2] : [2, 3], transposeB ? [4, 3] : [3, 4]];
    const value = (a: number[], b: number[]) =>
      tf.tidy(() => product(tf.tensor2d(a, shapes[0]), tf.tensor2d(b, shapes[1])).dataSync()[0] ?? 0);
    const [gradientA, gradientB] = tf.tidy(() => {
      const gradients = tf.grads(product)([tf.tensor2d(A, shapes[0]), tf.tensor2d(B, shapes[1])]);
      return gradients.map((gradient) => [...gradient.dataSync()]);
    });
    const moved = (values: number[], at: number, by: number) => values.map((v, i) => (i === at ? v + by : v));
    for (const [i, slope] of (gradientA ?? []).entries()) {
      expect(slope).toBeCloseTo(value(moved(A, i, 0.5), B) - value(moved(A, i, -0.5), B), 3);
    }
    for (const [i, slope] of (gradientB ?? []).entries()) {
      expect(slope).toBeCloseTo(value(A, moved(B, i, 0.5)) - value(A, moved(B, i, -0.5)), 3);
    }
    expect([gradientA?.length, gradientB?.length]).toEqual([6, 12]);
  });
});
