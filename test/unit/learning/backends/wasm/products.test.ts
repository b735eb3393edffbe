import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../../src/base/random.ts';
import { openWasm } from '../../wasm.ts';

const FLAGS = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
] as const;

beforeAll(openWasm);

type Shape = [number, number, number];

function drawn(random: Random, shape: Shape): { shape: Shape; values: number[] } {
  return { shape, values: Array.from({ length: shape[0] * shape[1] * shape[2] }, () => random.normal()) };
}

/** Element after element, in float64. */
function expectedProduct(
  a: ReturnType<typeof drawn>,
  b: ReturnType<typeof drawn>,
  [transposeA, transposeB]: readonly [boolean, boolean],
): number[] {
  const at = ({ shape, values }: typeof a, matrix: number, row: number, column: number) =>
    values[((matrix % shape[0]) * shape[1] + row) * shape[2] + column] ?? Number.NaN;
  const [rows, depth] = transposeA ? [a.shape[2], a.shape[1]] : [a.shape[1], a.shape[2]];
  const columns = transposeB ? b.shape[1] : b.shape[2];
  const product: number[] = [];
  for (let matrix = 0; matrix < Math.max(a.shape[0], b.shape[0]); matrix++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let sum = 0;
        for (let k = 0; k < depth; k++) {
          const left = transposeA ? at(a, matrix, k, row) : at(a, matrix, row, k);
          sum += left * (transposeB ? at(b, matrix, column, k) : at(b, matrix, k, column));
        }
        product.push(sum);
      }
    }
  }
  return product;
}

describe('products of the wasm backend', () => {
  test.each(FLAGS)('are those of float64, whatever the sizes, where a, b are turned round: %s, %s', (...flags) => {
    const random = Random.of(1, 'sizes');
    const sizes = [
      [1, 1, 1, 1],
      [1, 4, 8, 8],
      [3, 5, 7, 9],
      [2, 66, 33, 17],
      [1, 130, 3, 24],
    ] as const;
    for (const [count, rows, depth, columns] of sizes) {
      const a = drawn(random, flags[0] ? [count, depth, rows] : [count, rows, depth]);
      const b = drawn(random, flags[1] ? [count, columns, depth] : [count, depth, columns]);
      const product = tf.tidy(() =>
        tf.matMul(tf.tensor3d(a.values, a.shape), tf.tensor3d(b.values, b.shape), ...flags),
      );
      expect(product.shape).toEqual([count, rows, columns]);
      for (const [i, value] of expectedProduct(a, b, flags).entries())
        expect(product.dataSync()[i]).toBeCloseTo(value, 4);
      product.dispose();
    }
  });

  test.each([
    ['left', 1, 3],
    ['right', 3, 1],
  ] as const)('use one %s factor for a whole batch', (_, countA, countB) => {
    const random = Random.of(2, 'batch');
    const [a, b] = [drawn(random, [countA, 5, 6]), drawn(random, [countB, 6, 10])];
    const product = tf.tidy(() => tf.matMul(tf.tensor3d(a.values, a.shape), tf.tensor3d(b.values, b.shape)).dataSync());
    for (const [i, value] of expectedProduct(a, b, [false, false]).entries()) expect(product[i]).toBeCloseTo(value, 4);
  });

  test('take batches of two axes that the stock kernel has to broadcast', () => {
    const shapes = tf.tidy(() => tf.matMul(tf.ones([2, 1, 3, 4]), tf.ones([1, 5, 4, 2])).shape);
    expect(shapes).toEqual([2, 5, 3, 2]);
  });

  test('give nothing for factors of no rows, and zeros for factors of no inner dimension', () => {
    const [none, zeros] = tf.tidy(() => [
      [...tf.matMul(tf.zeros([0, 3]), tf.zeros([3, 2])).dataSync()],
      [...tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 2])).dataSync()],
    ]);
    expect([none, zeros]).toEqual([[], [0, 0, 0, 0]]);
  });

  test('keep what is not a number to its own row and column', () => {
    const product = tf.tidy(() => [
      ...tf.matMul(tf.tensor2d([1, Number.NaN, 2], [3, 1]), tf.tensor2d([1, 2], [1, 2])).dataSync(),
    ]);
    expect(product).toEqual([1, 2, Number.NaN, Number.NaN, 2, 4]);
  });

  test('give all their memory back', () => {
    const [tensors, buffers] = [tf.memory().numTensors, tf.backend().numDataIds()];
    tf.tidy(() => tf.matMul(tf.ones([5, 7]), tf.ones([7, 3])).dataSync());
    expect([tf.memory().numTensors, tf.backend().numDataIds()]).toEqual([tensors, buffers]);
  });
});

const A = [1, 2, 3, 4, 5, 6];
const B = [0.5, -1, 2, 0, 1, 3, -2, 1, 0.25, 1, 1, -1];
/** Makes every entry of the product count differently. */
const WEIGHTS = [1, -2, 3, 0.5, 2, 1, -1, 4];

test.each(FLAGS)(
  'the gradient of a product agrees with finite differences when a, b are turned round: %s, %s',
  (transposeA, transposeB) => {
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
  },
);

describe('matrices of the wasm backend', () => {
  test.each([
    [1, 1],
    [5, 3],
    [4, 16],
    [37, 66],
  ])('of %i × %i are turned round', (rows, columns) => {
    const values = Array.from({ length: rows * columns }, (_, at) => at);
    const before = tf.memory().numTensors;
    const turned = tf.tidy(() => tf.transpose(tf.tensor2d(values, [rows, columns])));
    expect(turned.shape).toEqual([columns, rows]);
    expect([...turned.dataSync()]).toEqual(values.map((at) => (at % rows) * columns + Math.floor(at / rows)));
    turned.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
