import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { compute } from '../../../src/learning/compute.ts';
import { slopeOf } from '../../../src/learning/descent.ts';
import { infoNce } from '../../../src/learning/losses.ts';
import type { Given } from '../../../src/learning/numbers.ts';
import { GRADIENT_TOLERANCE, open, TESTED, take } from './tested.ts';

beforeEach(() => open(TESTED));

type Found = Readonly<Record<'value' | 'grad', tf.Tensor>>;

const slope = slopeOf<'a' | 'b'>((weights, { a, b }) => {
  const [rows = 1, width = 1] = a.shape;
  const mapped = tf.matMul(a as tf.Tensor2D, tf.reshape<tf.Rank.R2>(weights, [width, 3]));
  return infoNce(tf.relu(mapped) as tf.Tensor2D, b as tf.Tensor2D, tf.eye(rows), 0.1);
});
const work = ({ weights, kept }: Given<'weights' | 'kept'>, given: Given<'a' | 'b'>): Found & Given<'kept'> => ({
  ...slope(weights as tf.Tensor1D, given),
  kept,
});

const waves = (shape: number[], speed: number): tf.Tensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, at) => Math.sin(speed * (at + 1))),
    shape,
  );
};

describe(`a pure function on ${TESTED}`, () => {
  test('gives for all shapes, and again and again, what its operations give one after the other', async () => {
    for (const rows of [4, 7, 4]) {
      for (let call = 0; call < 3; call++) {
        const at = { weights: waves([15], 1 + call), kept: waves([2], 5) };
        const given = { a: waves([rows, 5], 2 + call), b: waves([rows, 3], 3 + call) };
        const before = tf.memory().numTensors;
        const { value, grad, kept } = compute(work, at, given);
        const reference = tf.tidy((): Found => slope(at.weights as tf.Tensor1D, given));
        const [loss, slopes, same] = await take(value, grad, tf.clone(kept));
        const [wantedLoss, wantedSlopes] = await take(reference.value, reference.grad);
        expect(loss?.[0]).toBeCloseTo(wantedLoss?.[0] ?? Number.NaN, 4);
        const scale = Math.max(...(wantedSlopes ?? []).map(Math.abs));
        for (const [i, wanted] of (wantedSlopes ?? []).entries()) {
          expect(Math.abs((slopes?.[i] ?? Number.NaN) - wanted)).toBeLessThan(GRADIENT_TOLERANCE * scale);
        }
        expect(same).toEqual(Float32Array.from(await at.kept.data()));
        // On a backend that does not compile, an input that is given back is the same tensor.
        if (kept !== at.kept) kept.dispose();
        expect(tf.memory().numTensors).toBe(before);
        tf.dispose([at, given]);
      }
    }
  });

  test('gives the same numbers to the last bit for the same inputs', async () => {
    const at = { weights: waves([15], 1), kept: waves([2], 5) };
    const given = { a: waves([6, 5], 2), b: waves([6, 3], 3) };
    const found: Float32Array[] = [];
    for (let call = 0; call < 4; call++) {
      const { value, grad, kept } = compute(work, at, given);
      tf.dispose(kept === at.kept ? [value] : [value, kept]);
      found.push(...(await take(grad)));
    }
    for (const again of found) expect(again).toEqual(found[0]);
    tf.dispose([at, given]);
  });
});
