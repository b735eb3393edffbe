import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { vectorInputs } from '../../../../src/learning/inputs.ts';
import { crossEntropy } from '../../../../src/learning/losses.ts';
import { transferNetwork } from '../../../../src/learning/networks/transfer.ts';
import { tensorsOf } from '../../../../src/learning/numbers.ts';
import {
  type BilevelLosses,
  bilevelGradient,
  gradientCosine,
} from '../../../../src/learning/transfer/knowledgeAlignment.ts';
import { pairWeights, sourceSpread } from '../../../../src/learning/transfer/sourceSpread.ts';
import { openWasm } from '../wasm.ts';
import { crossEntropy as twiceDifferentiable } from './secondDerivatives.ts';

vi.mock('../../../../src/learning/networks/modules.ts', async (original) => {
  const { layerNorm, gelu } = await import('./secondDerivatives.ts');
  return { ...(await original<object>()), layerNorm, gelu };
});

/** As many as a step of 5 ways and 5 shots sees, of as many dimensions. */
const INPUTS = 128;
const ITEMS = 25;
const WAYS = 5;
const settings = { lambda: 10, innerLearningRate: 0.1 };
const target = vectorInputs(INPUTS, new Float32Array(0), new Int32Array(0));
const network = transferNetwork({ source: target, target }, 4, WAYS);
const { encoder, embedder, head } = network.parts;
const random = Random.of(4);
const items = Float32Array.from({ length: ITEMS * INPUTS }, () => random.normal());
const entered = Float32Array.from({ length: ITEMS * 64 }, () => random.normal());
const LABELS = Array.from({ length: ITEMS }, (_, i) => i % WAYS);

beforeAll(openWasm);

/** The losses of the stage on fixed items, with a cross-entropy of one's choice. */
function losses(classify: typeof crossEntropy): BilevelLosses {
  return {
    inner(theta, rest) {
      const tensors = network.target.layout.cut(tf.concat1d([theta, rest]));
      const features = network.target.embed(tensors, tf.tensor2d(items, [ITEMS, INPUTS]));
      const labels = tf.oneHot(tf.tensor1d(LABELS, 'int32'), WAYS) as tf.Tensor2D;
      return classify(network.target.classify(tensors, features), tf.cast(labels, 'float32'));
    },
    outer(theta) {
      const features = network.encode(network.encoder.cut(theta), tf.tensor2d(entered, [ITEMS, 64]));
      return sourceSpread(features, tensorsOf(pairWeights(LABELS)));
    },
  };
}

function parts(seed: number): { theta: tf.Tensor1D; rest: tf.Tensor1D } {
  const weights = network.target.layout.initialise(Random.of(seed));
  return { theta: tf.tensor1d(weights.slice(0, encoder)), rest: tf.tensor1d(weights.slice(encoder)) };
}

/** L_inner(θ, ρ) + λ L_outer(θ − α ∂L_inner/∂θ) as one function of ρ. */
function whole({ inner, outer }: BilevelLosses, theta: tf.Tensor1D, rest: tf.Tensor1D): tf.Scalar {
  const byTheta = tf.grad((t) => inner(t as tf.Tensor1D, rest))(theta);
  const moved = tf.sub<tf.Tensor1D>(theta, tf.mul(byTheta, settings.innerLearningRate));
  return tf.add(inner(theta, rest), tf.mul(outer(moved), settings.lambda));
}

describe('the gradient of the embedder stage', () => {
  const found = (seed: number) =>
    tf.tidy(() => {
      const { grad, correction, value } = bilevelGradient(losses(crossEntropy), parts(seed), settings);
      return {
        value: value.dataSync()[0] ?? 0,
        grad: [...grad.dataSync()],
        correction: [...correction.dataSync()],
      };
    });

  // With ReLUs it would be off by once to four times the length: some of them switch between both sides of the difference.
  test.each([1, 2, 3, 4, 5])('is that of second derivatives to a thousandth of its length, at model %i', (seed) => {
    const { grad, correction } = found(seed);
    const exact = tf.tidy(() => {
      const { theta, rest } = parts(seed);
      const objective = (r: tf.Tensor) => whole(losses(twiceDifferentiable), theta, r as tf.Tensor1D);
      return [...tf.grad(objective)(rest).dataSync()];
    });
    const mixed = exact.map((value, i) => value - (grad[i] ?? 0));
    const errors = mixed.map((value, i) => (correction[i] ?? Number.NaN) - value);
    expect(Math.hypot(...errors)).toBeLessThan(0.001 * Math.hypot(...mixed));
  });

  test('agrees with finite differences of the whole objective along itself', () => {
    const { grad, correction, value } = found(3);
    const direction = correction;
    const length = Math.sqrt(direction.reduce((sum, d) => sum + d * d, 0));
    const at = (by: number) =>
      tf.tidy(() => {
        const { theta, rest } = parts(3);
        const moved = tf.add(rest, tf.mul(tf.tensor1d(direction), by / length));
        return whole(losses(crossEntropy), theta, moved as tf.Tensor1D).dataSync()[0] ?? 0;
      });
    const slope = grad.reduce((sum, g, i) => sum + (g + (correction[i] ?? 0)) * (direction[i] ?? 0), 0) / length;
    expect(value).toBeCloseTo(at(0), 4);
    expect(slope).toBeCloseTo((at(0.02) - at(-0.02)) / 0.04, 2);
  });

  test('is that of the classification alone for λ = 0', () => {
    const correction = tf.tidy(() => [
      ...bilevelGradient(losses(crossEntropy), parts(3), { ...settings, lambda: 0 }).correction.dataSync(),
    ]);
    expect(correction).toHaveLength(embedder + head);
    expect(correction.every((value) => Math.abs(value) === 0)).toBe(true);
  });
});

describe('the cosine of the gradients', () => {
  test('is 1 for two losses that ask the same of the encoder, and −1 for opposite ones', () => {
    const cosineOf = (sign: number) =>
      tf.tidy(() => {
        const { theta, rest } = parts(3);
        const { outer } = losses(crossEntropy);
        const inner = (t: tf.Tensor1D) => tf.mul<tf.Scalar>(outer(t), sign);
        return gradientCosine({ inner, outer }, theta, rest).dataSync()[0];
      });
    expect(cosineOf(2)).toBeCloseTo(1, 4);
    expect(cosineOf(-0.5)).toBeCloseTo(-1, 4);
  });
});
