import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openWasm } from '../../wasm.ts';

/** Of float32: what one unit of the last place is, relative to a number. */
const UNIT = 2 ** -23;
/** Below it float32 has fewer digits. */
const SMALLEST_NORMAL = 2 ** -126;

beforeAll(openWasm);

function valuesOf(compute: (x: tf.Tensor1D) => tf.Tensor, numbers: readonly number[]): number[] {
  const result = tf.tidy(() => compute(tf.tensor1d([...numbers])));
  const values = [...result.dataSync()];
  result.dispose();
  return values;
}

/** From `low` to `high`, as float32 has them. */
function steps(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => Math.fround(low + ((high - low) * at) / (count - 1)));
}

describe('exponentials of the wasm backend', () => {
  test('are within two units of the last place of those in float64', () => {
    const numbers = [...steps(-87.3, 88.7, 4001), ...steps(-1e-3, 1e-3, 101)];
    for (const [at, value] of valuesOf(tf.exp, numbers).entries()) {
      const expected = Math.exp(numbers[at] ?? 0);
      expect(Math.abs(value / expected - 1)).toBeLessThan(2 * UNIT);
    }
  });

  test('end where float32 ends', () => {
    expect(valuesOf(tf.exp, [0, 88.8, 1e30, Infinity, -Infinity, -1e30, -110, Number.NaN])).toEqual([
      ...[1, Infinity, Infinity, Infinity, 0, 0, 0],
      Number.NaN,
    ]);
    const [value = 0] = valuesOf(tf.exp, [-95]);
    expect(value).toBeGreaterThan(0);
    expect(Math.abs(value - Math.exp(-95))).toBeLessThan(2 * UNIT * SMALLEST_NORMAL);
  });

  test('do not depend on how many numbers there are, or where one stands', () => {
    const numbers = steps(-3, 3, 11);
    const all = valuesOf(tf.exp, numbers);
    for (let count = 1; count <= numbers.length; count++) {
      expect(valuesOf(tf.exp, numbers.slice(0, count))).toEqual(all.slice(0, count));
      expect(valuesOf(tf.exp, numbers.slice(-count))).toEqual(all.slice(-count));
    }
  });

  test('of a sigmoid are those of float64 too, at both ends as well', () => {
    const numbers = steps(-80, 80, 2001);
    for (const [at, value] of valuesOf(tf.sigmoid, numbers).entries()) {
      const expected = 1 / (1 + Math.exp(-(numbers[at] ?? 0)));
      expect(Math.abs(value / expected - 1)).toBeLessThan(4 * UNIT);
    }
    expect(valuesOf(tf.sigmoid, [-Infinity, -1e3, 1e3, Infinity, Number.NaN])).toEqual([0, 0, 1, 1, Number.NaN]);
  });

  test('of nothing are nothing, and leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    expect(valuesOf(tf.exp, [])).toEqual([]);
    expect(valuesOf(tf.sigmoid, [0])).toEqual([0.5]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
