import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Adam } from '../../../src/learning/adam.ts';
import { descend, type Objective, slopeOf } from '../../../src/learning/descent.ts';
import { openWasm } from './wasm.ts';

beforeAll(openWasm);

/** Three weights that are drawn to the batch's number; tells what happens. */
function objective(told: string[], next: (batch: number) => Promise<number>): Objective<'number', never> {
  let drawn = 0;
  return {
    term: 'distance',
    async next() {
      drawn++;
      told.push(`draw ${drawn}`);
      return { number: { values: Float32Array.of(await next(drawn)), shape: [] } };
    },
    slope: slopeOf((weights, { number }) => {
      told.push(`step ${number.dataSync()[0]}`);
      return tf.sum(tf.square(tf.sub(weights, number)));
    }),
  };
}

async function descendFor(steps: number, next: (batch: number) => Promise<number>) {
  const [told, start, adam] = [[] as string[], tf.zeros<tf.Rank.R1>([3]), new Adam(3, 0.1, 0.9)];
  try {
    const { weights, loss } = await descend(start, steps, objective(told, next), adam, 'a test');
    weights.dispose();
    return { told, loss };
  } finally {
    tf.dispose(start);
    adam.dispose();
  }
}

describe('a descent', () => {
  test('begins to read a batch before the step on the one before, and no batch after the last', async () => {
    const { told } = await descendFor(3, async (batch) => batch);
    expect(told).toEqual(['draw 1', 'draw 2', 'step 1', 'draw 3', 'step 2', 'step 3']);
  });

  test('draws nothing when it has no step to take', async () => {
    expect((await descendFor(0, async (batch) => batch)).told).toEqual([]);
  });

  test('ends with the error of a batch that cannot be read, when nothing is being read any more', async () => {
    const before = tf.memory().numTensors;
    const failure = descendFor(3, async (batch) => {
      if (batch === 2) throw new RangeError('no batch 2');
      return batch;
    });
    await expect(failure).rejects.toThrow('no batch 2');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('that fails in a step waits for what is being read', async () => {
    let reading = 0;
    const failure = descendFor(3, async (batch) => {
      reading++;
      await new Promise((resolve) => setTimeout(resolve, batch));
      reading--;
      return batch === 1 ? Number.NaN : batch;
    });
    await expect(failure).rejects.toThrow('The distance loss is not a finite number at step 1 of 3 of a test.');
    expect(reading).toBe(0);
  });
});
