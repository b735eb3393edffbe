import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { gridPositions } from '../../../../src/learning/networks/tokens.ts';
import { openWasm } from '../wasm.ts';

beforeAll(openWasm);

/** What a module adds to zeros, token by token. */
function added(grid: readonly number[], width: number, present?: readonly number[]): number[][] {
  const tokens = grid.reduce((product, length) => product * length, 1);
  return tf.tidy(() => {
    const there = present === undefined ? undefined : tf.tensor3d([...present], [1, tokens, 1]);
    const values = gridPositions(grid, width).apply(new Map(), tf.zeros([1, tokens, width]), there);
    return tf.reshape(values, [tokens, width]).arraySync() as number[][];
  });
}

test('a place in a sequence is sines and cosines of it, the longer waves a hundred times as long', () => {
  const [zero = [], , two = []] = added([3], 4);
  expect(zero).toEqual([0, 0, 1, 1]);
  for (const [at, value] of [Math.sin(2), Math.sin(0.02), Math.cos(2), Math.cos(0.02)].entries()) {
    expect(two[at]).toBeCloseTo(value, 6);
  }
});

test('a place in a picture is that of its row, then that of its column', () => {
  const rows = added([2, 3], 8);
  const [line, column] = [added([2], 4), added([3], 4)];
  expect(rows[5]).toEqual([...(line[1] ?? []), ...(column[2] ?? [])]);
  expect(rows).toHaveLength(6);
});

test('padding has no place', () => {
  expect(added([3], 4, [1, 0, 1])[1]).toEqual([0, 0, 0, 0]);
});
