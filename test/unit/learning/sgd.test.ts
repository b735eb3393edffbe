import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { descend, slopeOf } from '../../../src/learning/descent.ts';
import { Sgd } from '../../../src/learning/sgd.ts';
import { openWasm } from './wasm.ts';

beforeAll(openWasm);

/** w₁² + 2·w₂² + 3·w₃² */
const bowl = {
  term: 'bowl',
  next: async () => ({}),
  slope: slopeOf((weights) => tf.sum(tf.mul(tf.square(weights), tf.tensor1d([1, 2, 3])))),
};

// torch.optim.SGD(lr=0.1, momentum=0.9): v ← 0.9 v + g, w ← w − 0.1 v, three times by hand.
test('moves along its velocity, as torch.optim.SGD does, and leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const start = tf.tensor1d([1, -2, 0.5]);
  const sgd = new Sgd(3, 0.1);
  const { weights, loss } = await descend(start, 3, bowl, sgd, 'the test');
  for (const [at, value] of [0.062, 1.08, -0.427].entries()) expect(weights.dataSync()[at]).toBeCloseTo(value, 6);
  expect(loss).toBeCloseTo((9.75 + 3.64 + 0.3199) / 3, 4);
  sgd.dispose();
  tf.dispose([start, weights]);
  expect(tf.memory().numTensors).toBe(before);
});
