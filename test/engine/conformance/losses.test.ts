import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Adam } from '../../../src/learning/adam.ts';
import { descend, slopeOf as slopeAlong } from '../../../src/learning/descent.ts';
import {
  cosineDistance,
  crossEntropy,
  hinge,
  infoNce,
  matchDistribution,
  pairLosses,
  prototypical,
  twoWayHinge,
} from '../../../src/learning/losses.ts';
import { averaging, marked, oneHot, tensorOf } from '../../../src/learning/numbers.ts';
import type { Optimiser } from '../../../src/learning/optimiser.ts';
import { Sgd } from '../../../src/learning/sgd.ts';
import { discrepancies } from '../../../src/learning/transfer/distances.ts';
import { gaussians, squaredWasserstein } from '../../../src/learning/transfer/gaussians.ts';
import golden from '../../golden/conformance.json';
import transfer from '../../golden/transfer.json';
import { expectClose, FORWARD_TOLERANCE, GRADIENT_TOLERANCE, open, TESTED, take } from './tested.ts';

const { labels, losses, steps } = golden;
const [A, B] = [golden.a.flat(), golden.b.flat()];
const SIZE = labels.length;
const WIDTH = A.length / SIZE;
const [MARGIN, TEMPERATURE] = [0.5, 0.1];

type Loss = (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Scalar;

const classes = (): tf.Tensor2D => tensorOf(oneHot(labels, 3)) as tf.Tensor2D;
const matchesOf = (marks: readonly number[]): tf.Tensor2D => matchDistribution(tensorOf(marked(marks)));
const byInstance: Loss = (a, b) => infoNce(a, b, matchesOf([...labels.keys()]), TEMPERATURE);
const byClass: Loss = (a, b) => infoNce(a, b, matchesOf(labels), TEMPERATURE);
const weighted: Loss = (a, b) =>
  tf.sum(tf.mul(pairLosses(a, b, matchesOf(labels), TEMPERATURE), tf.tensor1d([1, 2, 3, 4, 5, 6])));

const LOSSES: readonly [keyof typeof losses, Loss][] = [
  ['crossEntropy', (a) => crossEntropy(tf.slice2d(a, [0, 0], [SIZE, 3]), classes())],
  ['infoNceByInstance', byInstance],
  ['infoNceByClass', byClass],
  ['pairLosses', weighted],
  ['hinge', (a, b) => hinge(a, b, tensorOf(averaging(labels)), MARGIN)],
  ['twoWayHinge', (a, b) => twoWayHinge(a, b, tensorOf(averaging(labels)), MARGIN)],
  ['cosineDistance', cosineDistance],
  ['prototypical', (a, b) => prototypical(a, tensorOf(averaging(labels)), b, classes())],
];

beforeAll(() => open(TESTED));

/** The value and the gradient of a function of the rows of some shape. */
async function slopeOf(loss: (rows: tf.Tensor) => tf.Scalar, rows: readonly number[], shape: readonly number[]) {
  const before = tf.memory().numTensors;
  const { value, grad } = tf.tidy(() => tf.valueAndGrad(loss)(tf.tensor([...rows], [...shape])));
  const [values = [], slopes = []] = await take(value, grad);
  expect(tf.memory().numTensors).toBe(before);
  return { values, slopes };
}

describe(`on ${TESTED}, a loss`, () => {
  test.each(LOSSES)('%s has the value and the gradient that PyTorch has in float64', async (name, loss) => {
    const ofRows = (a: tf.Tensor) => loss(a as tf.Tensor2D, tf.tensor2d(B, [SIZE, WIDTH]));
    const { values, slopes } = await slopeOf(ofRows, A, [SIZE, WIDTH]);
    expectClose(values, [losses[name].value], FORWARD_TOLERANCE);
    expectClose(slopes, losses[name].gradient, GRADIENT_TOLERANCE);
  });

  test.each([
    ['maximum mean discrepancy', transfer.mmd, discrepancies],
    [
      'distance of Gaussians',
      transfer.gaussian,
      (a: tf.Tensor3D, b: tf.Tensor3D) => squaredWasserstein(gaussians(a), gaussians(b)),
    ],
  ] as const)('%s has the value and the gradient of its reference', async (_, known, distance) => {
    const asSet = (rows: readonly number[]): tf.Tensor3D => tf.tensor3d([...rows], [1, 6, 3]);
    const loss = (a: tf.Tensor) => tf.sum<tf.Scalar>(distance(a as tf.Tensor3D, asSet(transfer.b.flat())));
    const { values, slopes } = await slopeOf(loss, transfer.a.flat(), [1, 6, 3]);
    expectClose(values, [known.value], 1e-3);
    expectClose(slopes, known.gradient.flat(), 5e-3);
  });
});

describe(`on ${TESTED}, three steps end where those of PyTorch in float64 end`, () => {
  const { weights: start, x, y } = steps;
  const objective = {
    term: 'squares',
    next: async () => ({}),
    slope: slopeAlong<string>((at) => tf.sum(tf.square(tf.sub(tf.mul(at, tf.tensor1d(x)), tf.tensor1d(y))))),
  };

  test.each([
    ['Adam', () => new Adam(start.length, 0.1, 0.9), steps.adam],
    ['gradient descent with momentum', () => new Sgd(start.length, 0.1), steps.sgd],
  ] as const)('of %s', async (_, open, after) => {
    const optimiser: Optimiser = open();
    const given = tf.tensor1d(start);
    const { weights } = await descend(given, 3, objective, optimiser, 'the test');
    given.dispose();
    const [values = []] = await take(weights);
    expectClose(values, after, FORWARD_TOLERANCE);
    optimiser.dispose();
  });
});
