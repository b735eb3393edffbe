import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { infoNce } from '../../../../src/learning/losses.ts';
import { encoder, type NetworkKind } from '../../../../src/learning/networks/encoders.ts';
import { inParts } from '../../../../src/learning/networks/inParts.ts';
import { Layout, type WeightVector } from '../../../../src/learning/networks/layout.ts';
import { openWasm } from '../wasm.ts';

beforeAll(openWasm);

const ITEMS = 7;
const SHAPE = [5, 3];

function batch(random: Random): tf.Tensor {
  const values = Array.from({ length: ITEMS * 15 }, (_, i) => (i % 15 < 12 || i < 30 ? random.normal() : 0));
  return tf.tensor(values, [ITEMS, ...SHAPE]);
}

/** A loss that compares all items with all, and its gradient by the weights of both networks. */
function step(kind: NetworkKind, parts: number): { value: number; gradient: WeightVector } {
  const random = Random.of(3);
  const [first, second] = [encoder('first', SHAPE, kind), encoder('second', SHAPE, kind)];
  const layout = new Layout([...first.parameters, ...second.parameters]);
  const weights = layout.initialise(random);
  const [embedFirst, embedSecond] = [first, second].map(({ apply, parameters }) =>
    inParts((tensors, inputs) => apply(tensors, inputs), new Layout(parameters), parts),
  );
  return tf.tidy(() => {
    const [a, b] = [batch(random), batch(random)];
    const { value, grad } = tf.valueAndGrad((at) => {
      const tensors = layout.cut(at as tf.Tensor1D);
      const embeddings = [embedFirst?.(tensors, a), embedSecond?.(tensors, b)] as [tf.Tensor2D, tf.Tensor2D];
      return infoNce(...embeddings, tf.eye(ITEMS), 0.1);
    })(tf.tensor1d(weights));
    return { value: value.dataSync()[0] ?? Number.NaN, gradient: Float32Array.from(grad.dataSync()) };
  });
}

const largest = (values: WeightVector) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe.each(['mlp', 'transformer', 'mixer', 'convolution'] as const)('a batch in parts, by %s', (kind) => {
  const whole = () => step(kind, 1);

  test.each([2, 3, 7, 100])('has the loss and the gradient of the whole batch: %i parts', (parts) => {
    const [reference, { value, gradient }] = [whole(), step(kind, parts)];
    expect(Math.abs(value - reference.value)).toBeLessThan(1e-5 * reference.value);
    const differences = reference.gradient.map((slope, at) => slope - (gradient[at] ?? Number.NaN));
    expect(largest(differences)).toBeLessThan(2e-5 * largest(reference.gradient));
  });
});

test('a batch in parts needs less memory, and leaves no tensor behind', async () => {
  const random = Random.of(4);
  const network = encoder('network', [16, 8], 'transformer');
  const layout = new Layout(network.parameters);
  const weights = tf.tensor1d(layout.initialise(random));
  const inputs = tf.tensor(
    Array.from({ length: 32 * 16 * 8 }, () => random.normal()),
    [32, 16, 8],
  );
  const before = tf.memory().numTensors;
  const peakOf = async (parts: number): Promise<number> => {
    const embed = inParts((tensors, items) => network.apply(tensors, items), layout, parts);
    const loss = (at: tf.Tensor): tf.Scalar => tf.sum(tf.square(embed(layout.cut(at as tf.Tensor1D), inputs)));
    const { peakBytes } = await tf.profile(() => {
      tf.grad(loss)(weights).dispose();
      return tf.scalar(0);
    });
    return peakBytes;
  };
  const [whole, eighth] = [await peakOf(1), await peakOf(8)];
  expect(eighth).toBeLessThan(whole / 3);
  expect(tf.memory().numTensors).toBe(before + 2);
  tf.dispose([weights, inputs]);
});
