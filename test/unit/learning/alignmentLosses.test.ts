import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { mean } from '../../../src/base/statistics.ts';
import {
  cosineDistance,
  hinge,
  infoNce,
  matchDistribution,
  pairLosses,
  prototypical,
  twoWayHinge,
} from '../../../src/learning/losses.ts';
import { averaging, marked, oneHot, tensorOf } from '../../../src/learning/numbers.ts';
import golden from '../../golden/alignmentLosses.json';
import { openWasm } from './wasm.ts';

beforeAll(openWasm);

type Case = typeof golden.six;
type Loss = (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Scalar;

const margins = ['0.1', '0.5'] as const;
const temperatures = ['0.07', '1.0'] as const;

function lossOf(a: number[][], b: number[][], loss: Loss): number {
  return tf.tidy(() => loss(tf.tensor2d(a), tf.tensor2d(b)).dataSync()[0] ?? Number.NaN);
}

function positivesOf({ labels }: Case, kind: 'byClass' | 'byInstance'): tf.Tensor2D {
  return matchDistribution(tensorOf(marked(kind === 'byClass' ? labels : [...labels.keys()])));
}

const meansOf = (labels: readonly number[]): tf.Tensor => tensorOf(averaging(labels));

function prototypicalOf({ labels }: Case): Loss {
  return (a, b) => prototypical(a, meansOf(labels), b, tensorOf(oneHot(labels, new Set(labels).size)) as tf.Tensor2D);
}

describe.each(['six', 'wide'] as const)('on the %s golden rows', (name) => {
  const rows: Case = golden[name];
  const { a, b, labels } = rows;

  test('the hinge losses, cosine and prototypical loss have the values that PyTorch gives in float64', () => {
    for (const margin of margins) {
      expect(lossOf(a, b, (x, y) => hinge(x, y, meansOf(labels), Number(margin)))).toBeCloseTo(rows.hinge[margin], 5);
      expect(lossOf(a, b, (x, y) => twoWayHinge(x, y, meansOf(labels), Number(margin)))).toBeCloseTo(
        rows.twoWayHinge[margin],
        5,
      );
    }
    expect(lossOf(a, b, cosineDistance)).toBeCloseTo(rows.cosine, 5);
    expect(lossOf(a, b, prototypicalOf(rows))).toBeCloseTo(rows.prototypical, 4);
  });

  test('InfoNCE and the loss of each pair, by class and by instance, have the values of PyTorch', () => {
    for (const temperature of temperatures) {
      const [byClass, byInstance] = [rows.byClass[temperature], rows.byInstance[temperature]];
      const tau = tf.scalar(Number(temperature));
      const infoNceBy = (kind: 'byClass' | 'byInstance') =>
        lossOf(a, b, (x, y) => infoNce(x, y, positivesOf(rows, kind), tau));
      expect(infoNceBy('byClass')).toBeCloseTo(mean(byClass), 4);
      expect(infoNceBy('byInstance')).toBeCloseTo(mean(byInstance), 4);
      const pairs = [
        ['byClass', rows.pairsByClass[temperature]],
        ['byInstance', rows.pairsByInstance[temperature]],
      ] as const;
      for (const [kind, losses] of pairs) {
        for (const [i, loss] of losses.entries()) {
          const ofPair: Loss = (x, y) =>
            tf.reshape(tf.slice1d(pairLosses(x, y, positivesOf(rows, kind), tau), i, 1), []);
          expect(lossOf(a, b, ofPair)).toBeCloseTo(loss, 4);
        }
      }
      tau.dispose();
    }
  });

  test('all have the gradient that finite differences give', () => {
    const losses: Record<string, Loss> = {
      hinge: (x, y) => hinge(x, y, meansOf(labels), 0.5),
      twoWayHinge: (x, y) => twoWayHinge(x, y, meansOf(labels), 0.5),
      cosine: cosineDistance,
      pairLosses: (x, y) => tf.mean(pairLosses(x, y, positivesOf(rows, 'byClass'), 1)),
      prototypical: (x, y) => prototypicalOf(rows)(tf.mul(x, 0.3), tf.mul(y, 0.3)),
    };
    for (const [kind, loss] of Object.entries(losses)) {
      const slopes = tf.tidy(() => {
        const [x, y] = tf.grads((first, second) => loss(first as tf.Tensor2D, second as tf.Tensor2D))([
          tf.tensor2d(a),
          tf.tensor2d(b),
        ]);
        return [x, y].map((gradient) => [...(gradient?.dataSync() ?? [])]);
      });
      for (const [side, place] of [
        [0, 1],
        [0, 8],
        [1, 4],
        [1, 10],
      ] as const) {
        const moved = (by: number) => {
          const copies = [a, b].map((values) => values.map((row) => [...row]));
          const row = copies[side]?.[Math.floor(place / (a[0]?.length ?? 1))] ?? [];
          const column = place % (a[0]?.length ?? 1);
          row[column] = (row[column] ?? 0) + by;
          return lossOf(copies[0] ?? [], copies[1] ?? [], loss);
        };
        const difference = (moved(0.01) - moved(-0.01)) / 0.02;
        expect(slopes[side]?.[place], `${kind} ${side} ${place}`).toBeCloseTo(difference, 2);
      }
    }
  });
});

describe('the hinge of the released code', () => {
  test('has the reference values, also that of a matrix with itself: its own class is among the negatives', () => {
    const { a, b, labels } = golden.six;
    expect(lossOf(a, b, (x, y) => hinge(x, y, meansOf(labels), 0.1))).toBeCloseTo(0.09778, 5);
    expect(lossOf(a, b, (x, y) => hinge(x, y, meansOf(labels), 0.5))).toBeCloseTo(0.687514, 5);
    expect(lossOf(a, a, (x, y) => hinge(x, y, meansOf(labels), 0.5))).toBeCloseTo(0.684969, 5);
  });

  test('is margin · classes / B where every class is apart from all others', () => {
    const apart = [
      [1, 0],
      [1, 0],
      [-1, 0],
      [-1, 0],
    ];
    expect(lossOf(apart, apart, (x, y) => hinge(x, y, meansOf([0, 0, 1, 1]), 0.5))).toBeCloseTo(0.25, 5);
  });
});

describe('the two-way hinge', () => {
  test('is 0 where every class is apart from all others, and for a single class', () => {
    const rows = [
      [1, 0],
      [-1, 0],
    ];
    expect(lossOf(rows, rows, (x, y) => twoWayHinge(x, y, meansOf([0, 1]), 0.5))).toBe(0);
    expect(lossOf(rows, rows, (x, y) => twoWayHinge(x, y, meansOf([3, 3]), 0.5))).toBe(0);
  });

  test('is the same from both sides', () => {
    const { a, b, labels } = golden.wide;
    const forward = lossOf(a, b, (x, y) => twoWayHinge(x, y, meansOf(labels), 0.5));
    expect(lossOf(b, a, (x, y) => twoWayHinge(x, y, meansOf(labels), 0.5))).toBeCloseTo(forward, 5);
  });
});
