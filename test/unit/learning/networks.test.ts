import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import { classify, embedSource, embedTarget, Network } from '../../../src/learning/networks.ts';
import { openWasm } from './wasm.ts';

beforeAll(openWasm);

const network = Network.of(3, 2, 4);
const weights = network.initialise(Random.of(5));

/** x·W + b of the named layer, computed from the flat vector. */
function layer(name: string, x: number[]): number[] {
  let at = 0;
  for (const parameter of network.parameters) {
    const [rows, columns] = parameter.shape;
    if (parameter.name === name) {
      const bias = weights.subarray(at + rows * columns, at + rows * columns + columns);
      return [...bias].map((b, j) =>
        x.reduce((sum, value, i) => sum + value * (weights[at + i * columns + j] ?? 0), b),
      );
    }
    at += rows * columns;
  }
  throw new RangeError(name);
}
const relu = (values: number[]) => values.map((value) => Math.max(0, value));

function expectClose(actual: ArrayLike<number>, expected: number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
}

describe('the network', () => {
  test('classifies a target item through encoder, align layer, ReLU and head', () => {
    const x = [0.7, -1.2];
    const logits = tf.tidy(() => {
      const layers = network.layers(tf.tensor1d(weights));
      return classify(layers, embedTarget(layers, tf.tensor2d(x, [1, 2]))).dataSync();
    });
    const embedding = layer('align', layer('target.output', relu(layer('target.hidden', x))));
    expectClose(logits, layer('head', relu(embedding)));
  });

  test('classifies a source item through encoder, ReLU and the same head', () => {
    const x = [0.7, -1.2, 2];
    const logits = tf.tidy(() => {
      const layers = network.layers(tf.tensor1d(weights));
      return classify(layers, embedSource(layers, tf.tensor2d(x, [1, 3]))).dataSync();
    });
    expectClose(logits, layer('head', relu(layer('source.output', relu(layer('source.hidden', x))))));
  });

  test('has what classifies one modality at one end of the weights, where it computes the same', () => {
    const { sourcePath, targetPath } = network;
    const [first, last] = [weights.slice(0, sourcePath.size), weights.slice(weights.length - targetPath.size)];
    const [source, target] = tf.tidy(() => {
      const [x, y] = [tf.tensor2d([0.7, -1.2, 2], [1, 3]), tf.tensor2d([0.7, -1.2], [1, 2])];
      const whole = network.layers(tf.tensor1d(weights));
      const sourceLayers = sourcePath.layers(tf.tensor1d(first));
      const targetLayers = targetPath.layers(tf.tensor1d(last));
      return [
        [classify(sourceLayers, embedSource(sourceLayers, x)), classify(whole, embedSource(whole, x))],
        [classify(targetLayers, embedTarget(targetLayers, y)), classify(whole, embedTarget(whole, y))],
      ].map((logits) => logits.map((tensor) => [...tensor.dataSync()]));
    }) as unknown as [number[][], number[][]];
    expect(source[0]).toEqual(source[1]);
    expect(target[0]).toEqual(target[1]);
    expect(sourcePath.size + targetPath.size).toBeGreaterThan(network.size);
  });

  test('starts from weights that the seed decides, uniform in ±1/√fanIn', () => {
    expect(network.initialise(Random.of(5))).toEqual(weights);
    expect(network.initialise(Random.of(6))).not.toEqual(weights);
    let at = 0;
    for (const { shape, fanIn } of network.parameters) {
      const part = weights.subarray(at, at + shape[0] * shape[1]);
      at += part.length;
      expect(Math.max(...part.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(fanIn));
      if (part.length > 100) expect(Math.max(...part)).toBeGreaterThan(0.9 / Math.sqrt(fanIn));
    }
    expect(at).toBe(network.size);
  });
});
