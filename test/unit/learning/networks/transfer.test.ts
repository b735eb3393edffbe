import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { meanOfEmbeddings, transferNetwork } from '../../../../src/learning/networks/transfer.ts';
import { openWasm } from '../wasm.ts';
import { expectSlopes } from './slopes.ts';

beforeAll(openWasm);

const WIDTH = 3;
const inputs = (tokens: number) => ({
  rows: 1,
  shape: [tokens, WIDTH],
  classes: new Int32Array(1),
  gather: () => padded(tokens),
});
const network = transferNetwork({ source: inputs(2), target: inputs(4) }, 3, 2);
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
    const { enter, embed } = network.source;
    for (const of of [(x: tf.Tensor) => embed(tensors, x), (x: tf.Tensor) => meanOfEmbeddings(enter(tensors, x))]) {
      const [short, long] = [of(item(2)).dataSync(), of(item(4)).dataSync()];
      for (const [at, value] of short.entries()) expect(long[at]).toBeCloseTo(value, 5);
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
