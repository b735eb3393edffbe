import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openWasm } from '../../wasm.ts';

beforeAll(openWasm);

describe('what the wasm backend gives as it is', () => {
  test('takes no room of its own', () => {
    const numbers = tf.tensor1d([1, 2, 3]);
    const before = tf.memory();
    const [cloned, cast] = [tf.clone(numbers), tf.cast(numbers, 'float32')];
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
    tf.dispose([cloned, cast]);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    numbers.dispose();
  });

  test('outlives what it was taken from', () => {
    const numbers = tf.tensor1d([1, 2, 3]);
    const cloned = tf.clone(numbers);
    numbers.dispose();
    tf.dispose(tf.fill([3], -1));
    expect([...cloned.dataSync()]).toEqual([1, 2, 3]);
    cloned.dispose();
  });

  test('is a tensor of its own where the type changes', () => {
    const numbers = tf.tensor1d([1.5, -2.5, 0]);
    const whole = tf.cast(numbers, 'int32');
    expect({ dtype: whole.dtype, values: [...whole.dataSync()] }).toEqual({ dtype: 'int32', values: [1, -2, 0] });
    tf.dispose([numbers, whole]);
  });
});
