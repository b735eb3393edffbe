import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { openWasm } from '../../wasm.ts';

const VALUES = Array.from({ length: 24 }, (_, i) => i);

beforeAll(openWasm);

test.each([
  ['in one piece', [1, 0, 0], [1, 3, 4]],
  ['in one piece within a row', [1, 2, 1], [1, 1, 3]],
  ['in several pieces', [0, 1, 1], [2, 2, 2]],
  ['that is everything', [0, 0, 0], [2, 3, 4]],
] as const)('a slice %s has the values at its place', (_, begin, size) => {
  const expected: number[] = [];
  for (let i = 0; i < size[0]; i++) {
    for (let j = 0; j < size[1]; j++) {
      for (let k = 0; k < size[2]; k++) expected.push((begin[0] + i) * 12 + (begin[1] + j) * 4 + begin[2] + k);
    }
  }
  for (const dtype of ['float32', 'int32'] as const) {
    const part = tf.tidy(() => tf.slice(tf.tensor(VALUES, [2, 3, 4], dtype), [...begin], [...size]));
    expect({ shape: part.shape, dtype: part.dtype, values: [...part.dataSync()] }).toEqual({
      shape: size,
      dtype,
      values: expected,
    });
    part.dispose();
  }
});

test.each([0, 1, 2])('the parts of a split along axis %i are those that were joined', (axis) => {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const whole = tf.tensor(VALUES, [2, 3, 4]);
    const sizes = [1, (whole.shape[axis] ?? 0) - 1];
    const parts = tf.split(whole, sizes, axis);
    expect(parts.map((part) => part.shape[axis])).toEqual(sizes);
    expect([...tf.concat(parts, axis).dataSync()]).toEqual(VALUES);
  });
  expect(tf.memory().numTensors).toBe(before);
});

test('a part outlives the tensor that it was taken from', () => {
  const whole = tf.tensor1d(VALUES);
  const [first, second] = tf.split(whole, [10, 14]);
  whole.dispose();
  tf.dispose(tf.fill([24], -1));
  expect([...(first?.dataSync() ?? []), ...(second?.dataSync() ?? [])]).toEqual(VALUES);
  tf.dispose([first, second].flatMap((part) => part ?? []));
});

test('text is cut as before', () => {
  expect([...tf.tidy(() => tf.slice(tf.tensor1d(['a', 'b', 'c']), 1, 2)).dataSync()]).toEqual(['b', 'c']);
});
