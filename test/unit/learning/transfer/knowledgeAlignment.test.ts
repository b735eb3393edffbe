import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { vectorInputs } from '../../../../src/learning/inputs.ts';
import { crossEntropy } from '../../../../src/learning/losses.ts';
import { transferNetwork } from '../../../../src/learning/networks/transfer.ts';
import {
  type BilevelLosses,
  bilevelGradient,
  gradientCosine,
} from '../../../../src/learning/transfer/knowledgeAlignment.ts';
import { sourceSpread } from '../../../../src/learning/transfer/sourceSpread.ts';
import { openWasm } from '../wasm.ts';
import { crossEntropy as twiceDifferentiable } from './secondDerivatives.ts';

vi.mock('../../../../src/learning/networks/modules.ts', async (original) => ({
  ...(await original<object>()),
  layerNorm: (await import('./secondDerivatives.ts')).layerNorm,
}));

const INPUTS = 6;
const ITEMS = 8;
const settings = { lambda: 2, innerLearningRate: 0.5 };
const target = vectorInputs(INPUTS, new Float32Array(0), new Int32Array(0));
const network = transferNetwork({ source: target, target }, 4, 3);
const { encoder, embedder, head } = network.parts;
const weights = network.target.layout.initialise(Random.of(3));
const random = Random.of(4);
const items = Float32Array.from({ length: ITEMS * INPUTS }, () => random.normal());
const entered = Float32Array.from({ length: ITEMS * 64 }, () => random.normal());
const LABELS = Array.from({ length: ITEMS }, (_, i) => i % 3);

beforeAll(openWasm);

/** The losses of the stage on fixed items, with a cross-entropy of one's choice. */
function losses(classify: typeof crossEntropy): BilevelLosses {
  return {
    inner(theta, rest) {
      const tensors = network.target.layout.cut(tf.concat1d([theta, rest]));
      const features = network.target.embed(tensors, tf.tensor2d(items, [ITEMS, INPUTS]));
      const labels = tf.oneHot(tf.tensor1d(LABELS, 'int32'), 3) as tf.Tensor2D;
      return classify(network.target.classify(tensors, features), tf.cast(labels, 'float32'));
    },
    outer: (theta) =>
      sourceSpread(network.encode(network.encoder.cut(theta), tf.tensor2d(entered, [ITEMS, 64])), LABELS),
  };
}

function parts(): { theta: tf.Tensor1D; rest: tf.Tensor1D } {
  return { theta: tf.tensor1d(weights.slice(0, encoder)), rest: tf.tensor1d(weights.slice(encoder)) };
}

/** L_inner(θ, ρ) + λ L_outer(θ − α ∂L_inner/∂θ) as one function of ρ. */
function whole({ inner, outer }: BilevelLosses, theta: tf.Tensor1D, rest: tf.Tensor1D): tf.Scalar {
  const byTheta = tf.grad((t) => inner(t as tf.Tensor1D, rest))(theta);
  const moved = tf.sub<tf.Tensor1D>(theta, tf.mul(byTheta, settings.innerLearningRate));
  return tf.add(inner(theta, rest), tf.mul(outer(moved), settings.lambda));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const product = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

describe('the gradient of the embedder stage', () => {
  const found = () =>
    tf.tidy(() => {
      const { grad, correction, value } = bilevelGradient(losses(crossEntropy), parts(), settings);
      return {
        value: value.dataSync()[0] ?? 0,
        grad: [...grad.dataSync()],
        correction: [...correction.dataSync()],
      };
    });

  test('agrees with the exact one through second derivatives', () => {
    const { grad, correction } = found();
    const exact = tf.tidy(() => {
      const { theta, rest } = parts();
      return [
        ...tf
          .grad((r) => whole(losses(twiceDifferentiable), theta, r as tf.Tensor1D))(rest)
          .dataSync(),
      ];
    });
    const mixed = exact.map((value, i) => value - (grad[i] ?? 0));
    expect(cosine(correction, mixed)).toBeGreaterThan(0.9999);
    const largest = Math.max(...mixed.map(Math.abs));
    expect(largest).toBeGreaterThan(1e-3);
    for (const [i, value] of mixed.entries())
      expect(Math.abs((correction[i] ?? 0) - value)).toBeLessThan(0.005 * largest);
  });

  test('agrees with finite differences of the whole objective along itself', () => {
    const { grad, correction, value } = found();
    const direction = correction;
    const length = Math.sqrt(direction.reduce((sum, d) => sum + d * d, 0));
    const at = (by: number) =>
      tf.tidy(() => {
        const { theta, rest } = parts();
        const moved = tf.add(rest, tf.mul(tf.tensor1d(direction), by / length));
        return whole(losses(crossEntropy), theta, moved as tf.Tensor1D).dataSync()[0] ?? 0;
      });
    const slope = grad.reduce((sum, g, i) => sum + (g + (correction[i] ?? 0)) * (direction[i] ?? 0), 0) / length;
    expect(value).toBeCloseTo(at(0), 4);
    expect(slope).toBeCloseTo((at(0.02) - at(-0.02)) / 0.04, 2);
  });

  test('is that of the classification alone for λ = 0', () => {
    const correction = tf.tidy(() => [
      ...bilevelGradient(losses(crossEntropy), parts(), { ...settings, lambda: 0 }).correction.dataSync(),
    ]);
    expect(correction).toHaveLength(embedder + head);
    expect(correction.every((value) => Math.abs(value) === 0)).toBe(true);
  });
});

describe('the cosine of the gradients', () => {
  test('is 1 for two losses that ask the same of the encoder, and −1 for opposite ones', () => {
    const cosineOf = (sign: number) =>
      tf.tidy(() => {
        const { theta, rest } = parts();
        const { outer } = losses(crossEntropy);
        const inner = (t: tf.Tensor1D) => tf.mul<tf.Scalar>(outer(t), sign);
        return gradientCosine({ inner, outer }, theta, rest).dataSync()[0];
      });
    expect(cosineOf(2)).toBeCloseTo(1, 4);
    expect(cosineOf(-0.5)).toBeCloseTo(-1, 4);
  });
});
