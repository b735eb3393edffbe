import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Adam } from '../../../src/learning/adam.ts';
import { openWasm } from './wasm.ts';

beforeAll(openWasm);

/** Steps on w₁² + 2·w₂² + 3·w₃², as numbers after each step. */
function descend(adam: Adam, start: number[], steps: number): number[][] {
  const path: number[][] = [];
  let weights = tf.tensor1d(start);
  for (let step = 0; step < steps; step++) {
    const gradient: tf.Tensor1D = tf.tidy(() => tf.mul(tf.mul(weights, 2), tf.tensor1d([1, 2, 3])));
    const updated = adam.update(weights, gradient);
    tf.dispose([weights, gradient]);
    weights = updated;
    path.push([...weights.dataSync()]);
  }
  weights.dispose();
  return path;
}

describe('Adam', () => {
  test.each([
    [0, [0.71642035, -1.70784652, 0.23583837]],
    [0.9, [0.7015863, -1.70062339, 0.20487125]],
  ])('takes the steps of torch.optim.Adam with beta1 = %s', (beta1, expected) => {
    const adam = new Adam(3, 0.1, beta1);
    const end = descend(adam, [1, -2, 0.5], 3)[2] ?? [];
    for (const [i, weight] of end.entries()) expect(weight).toBeCloseTo(expected[i] ?? 0, 6);
    expect(end).toHaveLength(3);
    adam.dispose();
  });

  test('goes on from its stored state bit by bit', async () => {
    const whole = new Adam(3, 0.1, 0.9);
    const path = descend(whole, [1, -2, 0.5], 6);
    const half = new Adam(3, 0.1, 0.9);
    const middle = descend(half, [1, -2, 0.5], 3)[2] ?? [];
    const resumed = new Adam(3, 0.1, 0.9, await half.state());
    expect(descend(resumed, middle, 3)).toEqual(path.slice(3));
    for (const adam of [whole, half, resumed]) adam.dispose();
  });

  test('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const adam = new Adam(3, 0.1, 0);
    descend(adam, [1, -2, 0.5], 5);
    adam.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
