import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../../src/base/random.ts';
import { ADAM_STEP, Adam, type AdamState } from '../../../../../src/learning/adam.ts';
import { openWasm } from '../../wasm.ts';

beforeAll(openWasm);

interface Path extends AdamState {
  readonly weights: Float32Array;
}

/** Three steps along drawn gradients. */
async function steps(size: number, beta1: number): Promise<Path> {
  const random = Random.of(size);
  const drawn = () => Float32Array.from({ length: size }, () => random.normal());
  const adam = new Adam(size, 0.01, beta1);
  let weights = tf.tensor1d(drawn());
  for (let step = 0; step < 3; step++) {
    const gradient = tf.tensor1d(drawn());
    const moved = adam.update(weights, gradient);
    tf.dispose([weights, gradient]);
    weights = moved;
  }
  const path = { weights: Float32Array.from(await weights.data()), ...(await adam.state()) };
  tf.dispose(weights);
  adam.dispose();
  return path;
}

describe('the step of Adam in one pass', () => {
  test.each([0, 0.9])('gives what the operations give one by one, to the last bit, with beta1 = %s', async (beta1) => {
    const kernel = tf.getKernel(ADAM_STEP, 'wasm');
    for (const size of [1, 2, 3, 4, 5, 7, 8, 1001]) {
      const inOnePass = await steps(size, beta1);
      tf.unregisterKernel(ADAM_STEP, 'wasm');
      try {
        expect(inOnePass).toEqual(await steps(size, beta1));
      } finally {
        tf.registerKernel(kernel);
      }
    }
  });

  test('leaves no tensor behind, and no other bytes on the heap', async () => {
    const before = tf.memory();
    await steps(9, 0.9);
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  });
});
