import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { EMBEDDING, encoder, NETWORKS, type NetworkKind } from '../../../../src/learning/networks/encoders.ts';
import { Layout } from '../../../../src/learning/networks/layout.ts';
import { openWasm } from '../wasm.ts';
import { expectSlopes, lossOf } from './slopes.ts';

beforeAll(openWasm);

const SHAPES = [[6], [5, 3], [2, 3, 3]];
const CASES = NETWORKS.flatMap((kind) => SHAPES.map((shape): [NetworkKind, number[]] => [kind, shape]));

/** Items of a shape; of the first, the last token is padding. */
function items(shape: readonly number[]): Float32Array {
  const random = Random.of(3, 'items');
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Float32Array.from({ length: 2 * size }, () => random.normal());
  if (shape.length > 1) values.fill(0, size - (shape.at(-1) ?? 0), size);
  return values;
}

async function embed(kind: NetworkKind, shape: readonly number[], values: Float32Array, weights?: Float32Array) {
  const module = encoder('e', shape, kind);
  const layout = new Layout(module.parameters);
  const embedded = tf.tidy(() =>
    module.apply(layout.cut(tf.tensor1d(weights ?? layout.initialise(Random.of(4)))), tf.tensor(values, [2, ...shape])),
  );
  expect(embedded.shape).toEqual([2, EMBEDDING]);
  const data = await embedded.data();
  embedded.dispose();
  return [...data];
}

describe.each(CASES)('the encoder %s of items of the shape %j', (kind, shape) => {
  test('gives one embedding an item, which the other items do not change', async () => {
    const values = items(shape);
    const before = await embed(kind, shape, values);
    const half = values.length / 2;
    const others = values.map((value, at) => (at < half ? value : -value));
    const after = await embed(kind, shape, others);
    expect(after.slice(0, EMBEDDING)).toEqual(before.slice(0, EMBEDDING));
    expect(after.slice(EMBEDDING)).not.toEqual(before.slice(EMBEDDING));
    expect(before.every(Number.isFinite)).toBe(true);
  });

  test('has the gradient that finite differences give, and leaves no tensor behind', async () => {
    const module = encoder('e', shape, kind);
    const inputs = tf.tensor(items(shape), [2, ...shape]);
    const before = tf.memory().numTensors;
    await expectSlopes(lossOf(module, inputs), new Layout(module.parameters).initialise(Random.of(4)));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('padding', () => {
  test.each(['transformer', 'mixer', 'convolution'] as const)('alone gives a finite embedding by %s', async (kind) => {
    const embedded = await embed(kind, [5, 3], new Float32Array(30));
    expect(embedded.every(Number.isFinite)).toBe(true);
  });

  test('changes nothing in a convolution', async () => {
    const short = items([3, 3]);
    const padded = new Float32Array(30);
    padded.set(short.subarray(0, 9), 0);
    padded.set(short.subarray(9), 15);
    const [of3, of5] = [await embed('convolution', [3, 3], short), await embed('convolution', [5, 3], padded)];
    for (const [at, value] of of3.entries()) expect(of5[at]).toBeCloseTo(value, 5);
  });

  test('has no say in a transformer: what its places learn does not matter', async () => {
    const module = encoder('e', [5, 3], 'transformer');
    const layout = new Layout(module.parameters);
    const inputs = tf.tensor(items([5, 3]).subarray(0, 15), [1, 5, 3]);
    const gradient = tf.tidy(() => {
      const slopes = tf.grad((weights) => lossOf(module, inputs)(weights as tf.Tensor1D));
      return layout.cut(slopes(tf.tensor1d(layout.initialise(Random.of(4)))) as tf.Tensor1D).get('e.positions');
    });
    const slopes = [...((await gradient?.data()) ?? [])];
    expect(slopes.slice(4 * 64).every((slope) => slope === 0)).toBe(true);
    expect(slopes.slice(3 * 64, 4 * 64).some((slope) => slope !== 0)).toBe(true);
  });
});
