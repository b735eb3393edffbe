import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openWasm } from '../../wasm.ts';

beforeAll(openWasm);

const SHAPE = [2, 3, 4, 5];
const VALUES = Array.from({ length: 120 }, (_, at) => at * at - 50 * at);

const AXES = [[0], [1], [2], [3], [0, 1], [1, 2], [2, 3], [0, 2], [3, 1], [-1, -2], [0, 1, 2, 3]].map((axes) => [axes]);

/** Number after number, by the places that remain. */
function expected(axes: readonly number[], combine: (a: number, b: number) => number): number[] {
  const strides = tf.util.computeStrides(SHAPE).concat(1);
  const kept = SHAPE.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const found = new Map<string, number>();
  for (const [at, value] of VALUES.entries()) {
    const place = SHAPE.map((size, axis) => Math.floor(at / (strides[axis] ?? 1)) % size);
    const key = kept.map((axis) => place[axis]).join();
    const before = found.get(key);
    found.set(key, before === undefined ? value : combine(before, value));
  }
  return [...found.values()];
}

function expectReduced(
  reduce: (x: tf.Tensor, axes: number[], keepDims: boolean) => tf.Tensor,
  axes: number[],
  combine: (a: number, b: number) => number,
): void {
  const [reduced, kept] = [false, true].map((keep) => tf.tidy(() => reduce(tf.tensor(VALUES, SHAPE), axes, keep)));
  const places = axes.map((axis) => (axis + SHAPE.length) % SHAPE.length);
  expect(reduced?.shape).toEqual(SHAPE.filter((_, axis) => !places.includes(axis)));
  expect(kept?.shape).toEqual(SHAPE.map((size, axis) => (places.includes(axis) ? 1 : size)));
  for (const tensor of [reduced, kept]) expect([...(tensor?.dataSync() ?? [])]).toEqual(expected(places, combine));
  tf.dispose([reduced, kept].flatMap((tensor) => tensor ?? []));
}

describe('maxima of the wasm backend', () => {
  test.each(AXES)('over the axes %j are those that one looks up by hand', (axes) => {
    expectReduced(tf.max, axes, Math.max);
  });

  test.each([1, 3, 4, 6, 9])('are NaN where one of %i numbers is, and only there', (count) => {
    for (let place = 0; place < count; place++) {
      const row = Array.from({ length: count }, (_, at) => (at === place ? Number.NaN : at));
      const rows = [row, row.map(() => Number.NEGATIVE_INFINITY), row.map((_, at) => -at - 1)];
      const [ofRows, ofColumns] = tf.tidy(() => {
        const matrix = tf.tensor2d(rows);
        return [tf.max(matrix, 1), tf.max(tf.transpose(tf.tile(matrix, [2, 1])), 0)];
      });
      const largest = [Number.NaN, Number.NEGATIVE_INFINITY, -1];
      expect([...(ofRows?.dataSync() ?? [])]).toEqual(largest);
      expect([...(ofColumns?.dataSync() ?? [])]).toEqual([...largest, ...largest]);
      tf.dispose([ofRows, ofColumns].flatMap((tensor) => tensor ?? []));
    }
  });
});

describe('sums of the wasm backend', () => {
  test.each(AXES)('over the axes %j are those that one adds up by hand', (axes) => {
    expectReduced(tf.sum, axes, (a, b) => a + b);
  });

  test.each([4, 15, 16, 17, 31, 32, 37])('of %i columns are those that one adds up by hand', (columns) => {
    const values = Array.from({ length: 3 * columns }, (_, at) => at * at);
    const sum = tf.tidy(() => tf.sum(tf.tensor2d(values, [3, columns]), 0));
    const byHand = Array.from({ length: columns }, (_, at) =>
      [0, 1, 2].reduce((all, row) => all + (row * columns + at) ** 2, 0),
    );
    expect([...sum.dataSync()]).toEqual(byHand);
    sum.dispose();
  });

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
