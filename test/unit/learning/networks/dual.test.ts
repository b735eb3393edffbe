import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { vectorInputs } from '../../../../src/learning/inputs.ts';
import { dualNetwork, type Path } from '../../../../src/learning/networks/dual.ts';
import { Layout, type WeightVector } from '../../../../src/learning/networks/layout.ts';
import { defaultSettings } from '../../../../src/learning/settings.ts';
import { openWasm } from '../wasm.ts';

beforeAll(openWasm);

const inputs = (dimensions: number) => vectorInputs(dimensions, new Float32Array(0), new Int32Array(0));
const network = dualNetwork({ source: inputs(3), target: inputs(2) }, { ...defaultSettings, ways: 4 });
const { parameters } = network.layout;
const weights = network.layout.initialise(Random.of(5));

/** The values of a named parameter, found in the flat vector. */
function valuesOf(name: string): WeightVector {
  let at = 0;
  for (const { name: own, shape } of parameters) {
    const size = shape.reduce((product, length) => product * length, 1);
    if (own === name) return weights.subarray(at, at + size);
    at += size;
  }
  throw new RangeError(name);
}

/** x·W + b of the named layer. */
function layer(name: string, x: number[]): number[] {
  const [weight, bias] = [valuesOf(`${name}.weight`), valuesOf(`${name}.bias`)];
  return [...bias].map((b, j) => x.reduce((sum, value, i) => sum + value * (weight[i * bias.length + j] ?? 0), b));
}
const relu = (values: number[]) => values.map((value) => Math.max(0, value));

function logits(path: Path, layout: Layout, vector: WeightVector, x: number[]): number[] {
  return tf.tidy(() => {
    const tensors = layout.cut(tf.tensor1d(vector));
    return [...path.classify(tensors, path.embed(tensors, tf.tensor2d(x, [1, x.length]))).dataSync()];
  });
}

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
}

describe('the dual network', () => {
  test('classifies a target item through encoder, align layer, ReLU and head', () => {
    const x = [0.7, -1.2];
    const embedding = layer('align', layer('target.output', relu(layer('target.hidden', x))));
    expectClose(logits(network.target, network.layout, weights, x), layer('head', relu(embedding)));
  });

  test('classifies a source item through encoder, ReLU and the same head', () => {
    const x = [0.7, -1.2, 2];
    const embedding = layer('source.output', relu(layer('source.hidden', x)));
    expectClose(logits(network.source, network.layout, weights, x), layer('head', relu(embedding)));
  });

  test('has what classifies one modality at one end of the weights, where it computes the same', () => {
    const { source, target, layout } = network;
    const [first, last] = [weights.slice(0, source.layout.size), weights.slice(weights.length - target.layout.size)];
    const [x, y] = [
      [0.7, -1.2, 2],
      [0.7, -1.2],
    ];
    expect(logits(source, source.layout, first, x)).toEqual(logits(source, layout, weights, x));
    expect(logits(target, target.layout, last, y)).toEqual(logits(target, layout, weights, y));
    expect(source.layout.size + target.layout.size).toBeGreaterThan(layout.size);
  });

  test('starts from weights that the seed decides, uniform in ±1/√inputs', () => {
    expect(network.layout.initialise(Random.of(5))).toEqual(weights);
    expect(network.layout.initialise(Random.of(6))).not.toEqual(weights);
    for (const { name, spread } of parameters) {
      const part = valuesOf(name);
      expect(Math.max(...part.map(Math.abs))).toBeLessThanOrEqual(spread);
      if (part.length > 100) expect(Math.max(...part)).toBeGreaterThan(0.9 * spread);
    }
    expect(parameters.find(({ name }) => name === 'target.hidden.weight')?.spread).toBeCloseTo(1 / Math.SQRT2);
  });
});

test('a layout starts parameters without spread at their centre', () => {
  const layout = new Layout([{ name: 'scale', shape: [3], centre: 1, spread: 0 }]);
  expect([...layout.initialise(Random.of(1))]).toEqual([1, 1, 1]);
});
