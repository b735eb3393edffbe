import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { crossEntropy, infoNce, matchDistribution } from '../../../src/learning/losses.ts';
import { marked, tensorOf } from '../../../src/learning/numbers.ts';
import { openWasm } from './wasm.ts';

/** The arrays of the reference values that several losses of the field were computed on. */
const X = [1, 0, 2, 2, 1, 0, 0, 3, 1, 4, 1, 1, 1, 2, 5, 3, 3, 0];
const Y = [1, 1, 1, 2, 0, 1, 0, 2, 2, 3, 1, 0, 1, 4, 3, 2, 2, 1];
const LABELS = [0, 0, 1, 1, 2, 2];

const byInstance = (): tf.Tensor2D => matchDistribution(tensorOf(marked([0, 1, 2, 3, 4, 5])));
const byClass = (): tf.Tensor2D => matchDistribution(tensorOf(marked(LABELS)));

beforeAll(openWasm);

function infoNceOf(x: readonly number[], positives: () => tf.Tensor2D, temperature: number): number {
  return tf.tidy(() => {
    const [a, b, p] = [tf.tensor2d([...x], [6, 3]), tf.tensor2d(Y, [6, 3]), positives()];
    return infoNce(a, b, p, temperature).dataSync()[0] ?? Number.NaN;
  });
}

describe('InfoNCE', () => {
  test('by instance has the reference values', () => {
    expect(infoNceOf(X, byInstance, 0.07)).toBeCloseTo(1.332703, 5);
    expect(infoNceOf(X, byInstance, 1)).toBeCloseTo(1.632742, 5);
  });

  test('by class, with every item of a class as a match, has the values that PyTorch gives in float64', () => {
    expect(infoNceOf(X, byClass, 0.1)).toBeCloseTo(2.6554857, 5);
    expect(infoNceOf(X, byClass, 1)).toBeCloseTo(1.7718574, 5);
  });

  test('is ln B when all cosines are equal', () => {
    const same = Array.from({ length: 6 }, () => [1, 2, 3]).flat();
    const loss = tf.tidy(() => {
      const rows = tf.tensor2d(same, [6, 3]);
      return infoNce(rows, rows, byInstance(), 0.07).dataSync()[0];
    });
    expect(loss).toBeCloseTo(Math.log(6), 5);
  });

  test('has the gradient that finite differences give', () => {
    for (const positives of [byInstance, byClass]) {
      const gradient = tf.tidy(() => {
        const loss = (x: tf.Tensor) => infoNce(x as tf.Tensor2D, tf.tensor2d(Y, [6, 3]), positives(), 0.5);
        return [
          ...tf
            .grad(loss)(tf.tensor2d(X, [6, 3]))
            .dataSync(),
        ];
      });
      for (const [i, slope] of gradient.entries()) {
        const moved = (by: number) => X.map((value, j) => (i === j ? value + by : value));
        const difference = infoNceOf(moved(0.02), positives, 0.5) - infoNceOf(moved(-0.02), positives, 0.5);
        expect(slope).toBeCloseTo(difference / 0.04, 3);
      }
    }
  });

  test('stays finite, with its gradient, for a zero vector', () => {
    const gradient = tf.tidy(() => {
      const loss = (x: tf.Tensor) => infoNce(x as tf.Tensor2D, tf.tensor2d(Y, [6, 3]), byInstance(), 0.1);
      return [
        ...tf
          .grad(loss)(tf.zeros([6, 3]))
          .dataSync(),
      ];
    });
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});

describe('the distribution over matches', () => {
  test('is uniform over what matches a row, and always holds the row itself', () => {
    const values = (...marks: number[][]) =>
      tf.tidy(() => [...matchDistribution(tensorOf(marked(...marks))).dataSync()]);
    expect(values([7, 7, 8])).toEqual([0.5, 0.5, 0, 0.5, 0.5, 0, 0, 0, 1]);
    expect(values([7, 7, 8], [1, 2, 2])).toEqual([0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3, 0, 0.5, 0.5].map(Math.fround));
    expect(values([2 ** 24, 2 ** 24 + 1])).toEqual([1, 0, 0, 1]);
  });
});

describe('cross-entropy', () => {
  const labels = tf.util.flatten([0, 1, 2, 0, 1, 2].map((label) => [0, 1, 2].map((n) => Number(n === label))));
  const crossEntropyOf = (x: readonly number[]) =>
    tf.tidy(
      () => crossEntropy(tf.tensor2d([...x], [6, 3]), tf.tensor2d(labels as number[], [6, 3])).dataSync()[0] ?? 0,
    );

  test('has the value that PyTorch gives in float64', () => {
    expect(crossEntropyOf(X)).toBeCloseTo(1.9772668, 5);
  });

  test('has the gradient that finite differences give', () => {
    const gradient = tf.tidy(() => {
      const loss = (x: tf.Tensor) => crossEntropy(x as tf.Tensor2D, tf.tensor2d(labels as number[], [6, 3]));
      return [
        ...tf
          .grad(loss)(tf.tensor2d(X, [6, 3]))
          .dataSync(),
      ];
    });
    for (const [i, slope] of gradient.entries()) {
      const moved = (by: number) => X.map((value, j) => (i === j ? value + by : value));
      expect(slope).toBeCloseTo((crossEntropyOf(moved(0.02)) - crossEntropyOf(moved(-0.02))) / 0.04, 3);
    }
  });
});
