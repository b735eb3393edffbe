import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { convolution } from '../../../../src/learning/networks/convolution.ts';
import { Layout, type WeightVector } from '../../../../src/learning/networks/layout.ts';
import { mixerBlock } from '../../../../src/learning/networks/mixer.ts';
import { gelu, layerNorm, linear, type Module, relu, sequence } from '../../../../src/learning/networks/modules.ts';
import { transformerBlock } from '../../../../src/learning/networks/transformer.ts';
import { openWasm } from '../wasm.ts';
import { expectSlopes, lossOf } from './slopes.ts';

/** What test/golden/networks.py computed with PyTorch in float64. */
const Golden = z.record(
  z.string(),
  z.object({
    parameters: z.record(z.string(), z.array(z.number())),
    shape: z.array(z.int()),
    inputs: z.array(z.number()),
    outputs: z.array(z.number()),
    present: z.array(z.array(z.number())).optional(),
  }),
);
type Case = z.infer<typeof Golden>[string];

const MODULES: Readonly<Record<string, Module>> = {
  layerNorm: layerNorm('n', 5),
  transformer: transformerBlock('b', { width: 8, heads: 2, hidden: 12, activation: relu }),
  transformerWithPadding: transformerBlock('b', { width: 8, heads: 2, hidden: 12, activation: relu }),
  mixer: mixerBlock('b', 4, 6, 7),
  mixerWithPadding: mixerBlock('b', 4, 6, 7),
  convolutionOfSequence: convolution('c', [5], 3, 4),
  convolutionOfPicture: convolution('c', [3, 4], 3, 4),
  gelu: sequence(linear('g', 5, 4), gelu),
};
const NAMES = Object.keys(MODULES);

let golden: z.infer<typeof Golden>;
beforeAll(async () => {
  await openWasm();
  golden = Golden.parse(JSON.parse(await readFile('test/golden/networks.json', 'utf8')));
});

function caseOf(name: string): { module: Module; known: Case; weights: WeightVector; present: tf.Tensor | undefined } {
  const [module, known] = [MODULES[name], golden[name]];
  if (module === undefined || known === undefined) throw new RangeError(name);
  const weights = Float32Array.from(module.parameters.flatMap((parameter) => known.parameters[parameter.name] ?? []));
  const present = known.present && tf.tensor(known.present.flat(), [...known.shape.slice(0, 2), 1]);
  return { module, known, weights, present };
}

describe.each(NAMES)('%s', (name) => {
  test('computes what PyTorch computes with the same parameters', async () => {
    const { module, known, weights, present } = caseOf(name);
    const layout = new Layout(module.parameters);
    expect(weights.length).toBe(layout.size);
    const outputs = tf.tidy(() =>
      module.apply(layout.cut(tf.tensor1d(weights)), tf.tensor(known.inputs, known.shape), present),
    );
    const values = [...(await outputs.data())];
    expect(values.length).toBe(known.outputs.length);
    for (const [at, value] of known.outputs.entries()) expect(values[at]).toBeCloseTo(value, 4);
  });

  test('has the gradients that finite differences give, by its parameters and by its inputs', async () => {
    const { module, known, weights, present } = caseOf(name);
    await expectSlopes(lossOf(module, tf.tensor(known.inputs, known.shape), present), weights);
    const byInputs = (inputs: tf.Tensor1D) =>
      lossOf(module, tf.reshape(inputs, known.shape), present)(tf.tensor1d(weights));
    await expectSlopes(byInputs, Float32Array.from(known.inputs));
  });
});

describe('GELU', () => {
  // Where σ(1.702 x) is 3/4, and where it is 1/4.
  const quarter = Math.log(3) / 1.702;
  const places = [-50, -quarter, 0, quarter, 50];
  const slopeAt = (x: tf.Tensor) => tf.grad((values) => gelu.apply(new Map(), values))(x);

  test.each([
    ['values', (x: tf.Tensor) => gelu.apply(new Map(), x), [0, -quarter / 4, 0, (3 * quarter) / 4, 50]],
    ['slopes', slopeAt, [0, 1 / 4 - (3 * Math.log(3)) / 16, 1 / 2, 3 / 4 + (3 * Math.log(3)) / 16, 1]],
  ])('has the %s that its formula gives', (_, compute, known) => {
    const before = tf.memory().numTensors;
    const found = tf.tidy(() => [...compute(tf.tensor1d(places)).dataSync()]);
    expect(found).toHaveLength(known.length);
    for (const [i, value] of known.entries()) expect(found[i]).toBeCloseTo(value, 5);
    expect(tf.memory().numTensors).toBe(before);
  });
});
