import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openWasm } from '../../wasm.ts';

beforeAll(openWasm);

const SHAPE = [2, 3, 4, 5];
const VALUES = Array.from({ length: 120 }, (_, at) => at * at - 50 * at);

/** Number after number, by the places that remain. */
function expectedSums(axes: readonly number[]): number[] {
  const strides = tf.util.computeStrides(SHAPE).concat(1);
  const kept = SHAPE.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const sums = new Map<string, number>();
  for (const [at, value] of VALUES.entries()) {
    const place = SHAPE.map((size, axis) => Math.floor(at / (strides[axis] ?? 1)) % size);
    const key = kept.map((axis) => place[axis]).join();
    sums.set(key, (sums.get(key) ?? 0) + value);
  }
  return [...sums.values()];
}

describe('sums of the wasm backend', () => {
  test.each([[[0]], [[1]], [[2]], [[3]], [[0, 1]], [[1, 2]], [[2, 3]], [[0, 2]], [[3, 1]], [[-1, -2]], [[0, 1, 2, 3]]])(
    'over the axes %j are those that one adds up by hand',
    (axes) => {
      const summed = tf.tidy(() => tf.sum(tf.tensor(VALUES, SHAPE), axes));
      const kept = tf.tidy(() => tf.sum(tf.tensor(VALUES, SHAPE), axes, true));
      const places = axes.map((axis) => (axis + SHAPE.length) % SHAPE.length);
      expect(summed.shape).toEqual(SHAPE.filter((_, axis) => !places.includes(axis)));
      expect(kept.shape).toEqual(SHAPE.map((size, axis) => (places.includes(axis) ? 1 : size)));
      expect([...summed.dataSync()]).toEqual(expectedSums(places));
      expect([...kept.dataSync()]).toEqual(expectedSums(places));
      tf.dispose([summed, kept]);
    },
  );

  test('are made in float64: what float32 would lose is there', () => {
    const numbers = [2 ** 24, ...Array.from({ length: 16 }, () => 1)];
    const sum = tf.tidy(() => tf.sum(tf.tensor1d(numbers)));
    expect(sum.dataSync()[0]).toBe(2 ** 24 + 16);
    sum.dispose();
  });

  test('of nothing are 0, and those of truth count', () => {
    const [empty, columns, truths] = tf.tidy(() => [
      tf.sum(tf.tensor2d([], [3, 0]), 1),
      tf.sum(tf.tensor2d([], [0, 2]), 0),
      tf.sum(tf.tensor1d([true, false, true], 'bool')),
    ]);
    expect([empty, columns, truths].map((tensor) => [...(tensor?.dataSync() ?? [])])).toEqual([[0, 0, 0], [0, 0], [2]]);
    tf.dispose([empty, columns, truths].flatMap((tensor) => tensor ?? []));
  });
});
