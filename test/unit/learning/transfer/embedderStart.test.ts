import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { type TransferNetwork, transferNetwork } from '../../../../src/learning/networks/transfer.ts';
import { embedderOfSource } from '../../../../src/learning/transfer/embedderStart.ts';
import { openWasm } from '../wasm.ts';

beforeAll(openWasm);

/** Two patches of two places each: of three channels, as in a picture, or of one, as in a spectrogram. */
const picture = { shape: [2, 6] };
const spectrum = { shape: [2, 2] };
const grey = [0.5, -1, 2, 0.25];
const channels = (values: readonly number[], count: number) => values.flatMap((value) => Array(count).fill(value));

/** What the embedders of both sides give of the same grey picture, when the target's starts as the source's. */
function embedded(network: TransferNetwork, sourceChannels: number, targetChannels: number) {
  const model = tf.tensor1d(network.layout.initialise(Random.of(3)));
  const tensors = network.layout.cut(model);
  const { embedder, enter } = network.target;
  const start = embedderOfSource(tensors, 2 * targetChannels);
  expect(start.size).toBe(embedder.size);
  const given = (count: number) => tf.tensor(channels(grey, count), [1, 2, 2 * count]);
  const source = network.source.enter(tensors, given(sourceChannels));
  return [source.dataSync(), enter(embedder.cut(start), given(targetChannels)).dataSync()] as const;
}

test.each([
  ['of the same kind', picture, picture, 3, 3],
  ['of one channel, of a model of three', picture, spectrum, 3, 1],
  ['of three channels, of a model of one', spectrum, picture, 1, 3],
])('the embedder of targets %s gives of a grey picture what the source’s gives', (_, source, target, from, to) => {
  tf.tidy(() => {
    const [own, moved] = embedded(transferNetwork({ source, target }, 4, 2), from, to);
    expect(Math.max(...own.map(Math.abs))).toBeGreaterThan(0.1);
    for (const [at, value] of own.entries()) expect(moved[at]).toBeCloseTo(value, 5);
  });
});

test('tokens of another kind are refused', () => {
  tf.tidy(() => {
    const network = transferNetwork({ source: picture, target: { shape: [2, 4] } }, 4, 2);
    const tensors = network.layout.cut(tf.tensor1d(network.layout.initialise(Random.of(3))));
    expect(() => embedderOfSource(tensors, 4)).toThrow(RangeError);
  });
});
