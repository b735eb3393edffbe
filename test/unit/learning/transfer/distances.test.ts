import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../../src/base/random.ts';
import { tensorsOf } from '../../../../src/learning/numbers.ts';
import { discrepancies, meanDistance, type SourceSample } from '../../../../src/learning/transfer/distances.ts';
import { gaussians, nuclearNorm, squaredWasserstein } from '../../../../src/learning/transfer/gaussians.ts';
import {
  betweenClouds,
  betweenGaussians,
  type ClassDistance,
  groundCosts,
  otdd,
} from '../../../../src/learning/transfer/otdd.ts';
import { pairWeights, sourceSpread } from '../../../../src/learning/transfer/sourceSpread.ts';
import { entropicSelfTransport, entropicTransport } from '../../../../src/learning/transfer/transport.ts';
import golden from '../../../golden/transfer.json';
import { openWasm } from '../wasm.ts';

const [X, Y] = [golden.a.flat(), golden.b.flat()];
const settled = { epsilon: 2, rounds: 100 };

beforeAll(openWasm);

const asSet = (rows: readonly number[]): tf.Tensor3D => tf.tensor3d([...rows], [1, rows.length / 3, 3]);
const firstHalf = (rows: readonly number[]) => rows.slice(0, 9);
const secondHalf = (rows: readonly number[]) => rows.slice(9);

/** Y as a source of two classes. */
const source = (): SourceSample => ({ embeddings: tf.tensor2d(Y, [6, 3]), classes: 2, each: 3 });

/** The squared distances of the rows of two sets of one, [1, n, m]. */
function squares(a: tf.Tensor3D, b: tf.Tensor3D): tf.Tensor3D {
  return tf.sum(tf.square(tf.sub(tf.expandDims(a, 2), tf.expandDims(b, 1))), 3);
}

function scalar(compute: () => tf.Tensor): number {
  return tf.tidy(() => compute().dataSync()[0] ?? Number.NaN);
}

/** The value and the gradient by the rows must be those of the reference. */
function expectReference(
  loss: (a: tf.Tensor3D) => tf.Tensor,
  rows: readonly number[],
  reference: { value: number; gradient: number[][] },
): void {
  const { value, gradient } = tf.tidy(() => {
    const found = tf.valueAndGrad((a) => tf.sum<tf.Scalar>(loss(a as tf.Tensor3D)))(asSet(rows));
    return { value: found.value.dataSync()[0], gradient: [...found.grad.dataSync()] };
  });
  expect(value).toBeCloseTo(reference.value, 3);
  expect(gradient).toHaveLength(reference.gradient.flat().length);
  for (const [i, slope] of reference.gradient.flat().entries()) expect(gradient[i]).toBeCloseTo(slope, 3);
}

describe('the maximum mean discrepancy', () => {
  test('has the value and the gradient of the reference, with the bandwidth held constant', () => {
    expectReference((a) => discrepancies(a, asSet(Y)), X, golden.mmd);
    expect(golden.mmd.value).toBeCloseTo(0.462326, 6);
  });

  test('is the same for a set among others as alone', () => {
    const [alone, among] = tf.tidy(() => [
      discrepancies(asSet(X), asSet(Y)).dataSync()[0],
      discrepancies(tf.concat([asSet(Y), asSet(X)]), tf.concat([asSet(X), asSet(Y)])).dataSync()[1],
    ]);
    expect(among).toBeCloseTo(alone ?? Number.NaN, 6);
  });
});

describe('the distance of Gaussians', () => {
  test('has the value and the gradient of the reference', () => {
    expectReference((a) => squaredWasserstein(gaussians(a), gaussians(asSet(Y))), X, golden.gaussian);
    expect(golden.gaussian.value).toBeCloseTo(2.130919, 6);
  });

  test('between every two classes is what the reference finds, also for fewer items than dimensions', () => {
    const found = tf.tidy(() => {
      const sets = [X, Y].map((rows) => tf.concat([asSet(firstHalf(rows)), asSet(secondHalf(rows))]));
      const [a, b] = sets.map(gaussians);
      return a === undefined || b === undefined ? [] : squaredWasserstein(a, b).arraySync();
    });
    for (const [i, row] of golden.labelDistances.entries()) {
      for (const [j, value] of row.entries()) expect(found[i]?.[j]).toBeCloseTo(value, 3);
    }
  });

  test('of single items is the squared distance, and of a set to itself 0', () => {
    const single = (rows: number[]) => gaussians(asSet(rows));
    expect(scalar(() => squaredWasserstein(single([1, 2, 3]), single([1, 0, 0])))).toBeCloseTo(13, 4);
    expect(scalar(() => squaredWasserstein(single(X), single(X)))).toBeCloseTo(0, 4);
  });
});

test('the nuclear norm is the sum of the singular values, also of a matrix of low rank and of zeros', () => {
  expect(
    scalar(() =>
      nuclearNorm(
        tf.tensor3d([
          [
            [3, 0],
            [0, -4],
          ],
        ]),
      ),
    ),
  ).toBeCloseTo(7, 4);
  expect(
    scalar(() =>
      nuclearNorm(
        tf.tensor3d([
          [
            [1, 2, 2],
            [2, 4, 4],
          ],
        ]),
      ),
    ),
  ).toBeCloseTo(Math.sqrt(45), 4);
  expect(scalar(() => nuclearNorm(tf.zeros([1, 2, 3])))).toBe(0);
});

describe('the entropic transport', () => {
  test('has the value and the gradient of the reference', () => {
    expectReference((a) => entropicTransport(squares(a, asSet(Y)), settled), X, golden.entropic);
  });

  test.each([
    [0.5, golden.halfSquares, 1.560055],
    [1, golden.squares, 3.143558],
  ])('gives the Sinkhorn divergence of squares times %s', (scale, reference, stated) => {
    const sinkhorn = { epsilon: 0.1, rounds: 400 };
    const found = scalar(() => {
      const costs = (a: number[], b: number[]) => tf.mul<tf.Tensor3D>(squares(asSet(a), asSet(b)), scale);
      const own = tf.add(entropicSelfTransport(costs(X, X), sinkhorn), entropicSelfTransport(costs(Y, Y), sinkhorn));
      return tf.sub(entropicTransport(costs(X, Y), sinkhorn), tf.div(own, 2));
    });
    expect(found).toBeCloseTo(reference, 3);
    expect(reference).toBeCloseTo(stated, 4);
  });

  test('approaches the exact cost as epsilon falls', () => {
    const found = scalar(() => entropicTransport(squares(asSet(X), asSet(Y)), { epsilon: 0.02, rounds: 1000 }));
    expect(Math.abs(found - golden.exactTransport)).toBeLessThan(0.05);
    expect(golden.exactTransport).toBeCloseTo(3.166667, 5);
  });
});

describe('the optimal transport dataset distance', () => {
  const distance = (classDistance: ClassDistance) => {
    const built = otdd('otdd', source(), classDistance, settled);
    return (a: tf.Tensor3D) => tf.add(built.of(a), built.offset?.() ?? 0);
  };

  test('with classes as they are has the value and the gradient of the reference', () => {
    expectReference((a) => distance(betweenClouds)(a), X.slice(0, 12), golden.otddOfClouds);
  });

  test('with classes as Gaussians has the value and the gradient of the reference', () => {
    expectReference((a) => distance(betweenGaussians)(a), X.slice(0, 12), golden.otddOfGaussians);
  });

  test('of two sets in two classes approaches the exact cost as epsilon falls', () => {
    const found = scalar(() => {
      const classes = tf.concat([asSet(firstHalf(X)), asSet(secondHalf(X))]);
      const costs = groundCosts(classes, source(), betweenGaussians, settled);
      const whole = tf.reshape<tf.Rank.R3>(tf.transpose(costs, [0, 2, 1]), [1, 6, 6]);
      return entropicTransport(whole, { epsilon: 0.02, rounds: 1000 });
    });
    expect(Math.abs(found - golden.exactOtdd)).toBeLessThan(0.05);
    expect(golden.exactOtdd).toBeCloseTo(6.897595, 5);
  });

  test('of a class is the same alone as the mean with itself', () => {
    const [once, twice] = tf.tidy(() => {
      const of = distance(betweenClouds);
      return [of(asSet(X)).dataSync()[0], of(tf.concat([asSet(X), asSet(X)])).dataSync()[0]];
    });
    expect(twice).toBeCloseTo(once ?? Number.NaN, 4);
  });
});

test('the mean distance to random items of a source of one item is the distance to it', () => {
  const sample = (): SourceSample => ({ embeddings: tf.tensor2d([0, 0, 1], [1, 3]), classes: 1, each: 1 });
  const found = scalar(() => meanDistance(sample(), Random.of(1)).of(asSet([3, 4, 1, 0, 0, 3])));
  expect(found).toBeCloseTo(3.5, 5);
});

test('the spread of the source has the value and the gradient of the reference', () => {
  const labels = [0, 0, 1, 1, 2, 2];
  expectReference((a) => sourceSpread(tf.squeeze(a, [0]), tensorsOf(pairWeights(labels))), X, golden.spread);
});
