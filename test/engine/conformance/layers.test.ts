import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { convolution } from '../../../src/learning/networks/convolution.ts';
import { Layout } from '../../../src/learning/networks/layout.ts';
import { mixerBlock } from '../../../src/learning/networks/mixer.ts';
import { gelu, layerNorm, linear, type Module, relu, sequence } from '../../../src/learning/networks/modules.ts';
import { transformerBlock } from '../../../src/learning/networks/transformer.ts';
import networks from '../../golden/networks.json';
import { expectClose, FORWARD_TOLERANCE, GRADIENT_TOLERANCE, open, TESTED, take } from './tested.ts';

/** What test/golden/networks.py computed with PyTorch in float64. */
const Case = z.object({
  parameters: z.record(z.string(), z.array(z.number())),
  gradients: z.record(z.string(), z.array(z.number())),
  shape: z.array(z.int()),
  inputs: z.array(z.number()),
  outputs: z.array(z.number()),
  counts: z.array(z.number()),
  present: z.array(z.array(z.number())).optional(),
});
const golden = z.record(z.string(), Case).parse(networks);

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

beforeAll(() => open(TESTED));

describe(`on ${TESTED}, a layer`, () => {
  test.each(Object.keys(MODULES))('%s has the outputs and the gradients that PyTorch has in float64', async (name) => {
    const module = MODULES[name];
    const known = golden[name];
    if (module === undefined || known === undefined) throw new RangeError(name);
    const layout = new Layout(module.parameters);
    const inOrder = (values: Record<string, number[]>) => module.parameters.flatMap((each) => values[each.name] ?? []);
    const before = tf.memory().numTensors;
    const [outputs, gradient] = tf.tidy((): [tf.Tensor, tf.Tensor] => {
      const inputs = tf.tensor(known.inputs, known.shape);
      const present = known.present && tf.tensor(known.present.flat(), [...known.shape.slice(0, 2), 1]);
      const apply = (weights: tf.Tensor) => module.apply(layout.cut(weights as tf.Tensor1D), inputs, present);
      const weights = tf.tensor1d(inOrder(known.parameters));
      const loss = (at: tf.Tensor) => {
        const given = apply(at);
        return tf.sum<tf.Scalar>(tf.mul(given, tf.tensor(known.counts, given.shape)));
      };
      return [apply(weights), tf.grad(loss)(weights)];
    });
    const [values = [], slopes = []] = await take(outputs, gradient);
    expectClose(values, known.outputs, FORWARD_TOLERANCE);
    expectClose(slopes, inOrder(known.gradients), GRADIENT_TOLERANCE);
    expect(tf.memory().numTensors).toBe(before);
  });
});
