import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { meanOfEmbeddings, transferNetwork } from '../../../../src/learning/networks/transfer.ts';
import { openWasm } from '../wasm.ts';
import { expectSlopes } from './slopes.ts';

beforeAll(openWasm);

const WIDTH = 3;
/** Networks over items of so many tokens have the same weights. */
const networkOver = (tokens: number) =>
  transferNetwork({ source: { shape: [tokens, WIDTH] }, target: { shape: [4, WIDTH] } }, 3, 2);
const network = networkOver(4);
const weights = network.layout.initialise(Random.of(5));

/** An item of two tokens, filled up with zeros. */
function padded(tokens: number): Float32Array {
  const random = Random.of(6, 'tokens');
  return Float32Array.from({ length: tokens * WIDTH }, (_, at) => (at < 2 * WIDTH ? random.normal() : 0));
}

const item = (tokens: number) => tf.tensor(padded(tokens), [1, tokens, WIDTH]);

test('padding counts neither in the features of an item nor in the mean of its embeddings', () => {
  tf.tidy(() => {
    const tensors = network.layout.cut(tf.tensor1d(weights));
    const of = (tokens: number) => {
      const { enter, embed } = networkOver(tokens).source;
      return [embed(tensors, item(tokens)), meanOfEmbeddings(enter(tensors, item(tokens)))];
    };
    for (const [at, short] of of(2).entries()) {
      const long = of(4)[at]?.dataSync() ?? [];
      for (const [place, value] of short.dataSync().entries()) expect(long[place]).toBeCloseTo(value, 5);
    }
  });
});

test('the features of a padded item have the gradient that finite differences give', async () => {
  const before = tf.memory().numTensors;
  const counts = Float32Array.from({ length: 64 }, (_, at) => Math.sin(at));
  const loss = (vector: tf.Tensor1D): tf.Scalar => {
    const tensors = network.source.layout.cut(vector);
    return tf.sum(tf.mul(network.source.embed(tensors, item(4)), tf.tensor(counts, [1, 64])));
  };
  await expectSlopes(loss, weights.slice(0, network.source.layout.size));
  expect(tf.memory().numTensors).toBe(before);
});

test('the same tokens in another order are another item', () => {
  tf.tidy(() => {
    const tensors = network.layout.cut(tf.tensor1d(weights));
    const features = [item(4), tf.reverse(item(4), 1)].map((tokens) =>
      network.source.embed(tensors, tokens).dataSync(),
    );
    const apart = Math.max(...(features[0] ?? []).map((value, at) => Math.abs(value - (features[1]?.[at] ?? value))));
    expect(apart).toBeGreaterThan(0.01);
  });
});
