import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LearningMethod } from '../../../src/learning/methods/method.ts';
import { retrievalOf } from '../../../src/learning/retrieval.ts';
import { openWasm } from './wasm.ts';

beforeAll(openWasm);

const X = [
  [1, 0, 2],
  [2, 1, 0],
  [0, 3, 1],
  [4, 1, 1],
  [1, 2, 5],
  [3, 3, 0],
];
const Y = [
  [1, 1, 1],
  [2, 0, 1],
  [0, 2, 2],
  [3, 1, 0],
  [1, 4, 3],
  [2, 2, 1],
];
const retrievalPairs = X.map((_, row) => ({ source: row, target: row, class: Math.floor(row / 2) }));

/** A method that embeds source row i as X[i] and target row i as Y[i]. */
function embedding(embed: boolean): LearningMethod {
  return {
    size: 1,
    total: 0,
    work: { iteration: 0, task: 0 },
    initialise: () => new Float32Array(1),
    iterate: () => Promise.reject(new RangeError()),
    solve: () => Promise.reject(new RangeError()),
    ...(embed && {
      embed: (_, side, rows) =>
        Promise.resolve(rows.map((row) => Float32Array.from((side === 'source' ? X : Y)[row] ?? []))),
    }),
    dispose() {},
  };
}

describe('retrieval by embeddings', () => {
  test('of strong pairs has the reference recalls, both ways, and keeps no tensor', async () => {
    const before = tf.memory().numTensors;
    const found = await retrievalOf(embedding(true), new Float32Array(1), { retrievalPairs, strength: 'strong' });
    expect(found?.pairs).toBe(6);
    expect(found?.sourceToTarget.recall1).toBeCloseTo(1 / 3, 10);
    expect(found?.targetToSource.recall1).toBeCloseTo(1 / 6, 10);
    expect(found?.sourceToTarget.recall10).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('of weak pairs finds any item of the class', async () => {
    const found = await retrievalOf(embedding(true), new Float32Array(1), { retrievalPairs, strength: 'weak' });
    // The nearest targets by cosine are 1, 3, 4, 3, 2 and 5: of the same class for the sources 0, 3 and 5.
    expect(found?.sourceToTarget.recall1).toBeCloseTo(3 / 6, 10);
  });

  test('is not there without embeddings or without pairs', async () => {
    const pairs = { retrievalPairs, strength: 'strong' } as const;
    expect(await retrievalOf(embedding(false), new Float32Array(1), pairs)).toBeUndefined();
    const none = { ...pairs, retrievalPairs: [] };
    expect(await retrievalOf(embedding(true), new Float32Array(1), none)).toBeUndefined();
  });
});
