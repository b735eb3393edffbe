import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/base/random.ts';
import type { Inputs, LearningData } from '../../../src/learning/data.ts';
import { planEpisodes } from '../../../src/learning/episodes.ts';
import { dualNetwork } from '../../../src/learning/networks/dual.ts';
import { encoder, NETWORKS, takesShorter } from '../../../src/learning/networks/encoders.ts';
import { Layout } from '../../../src/learning/networks/layout.ts';
import { defaultSettings, type Settings } from '../../../src/learning/settings.ts';
import { Trainer } from '../../../src/learning/trainer.ts';
import { openWasm } from '../../unit/learning/wasm.ts';
import { concepts } from './concepts.ts';

beforeAll(openWasm);

/** The 32 numbers of a concept as a grid of 2 × 4 tokens for the source, and as a sequence of 8 for the target. */
function tokens(): LearningData {
  const data = concepts({ classes: 10, itemsPerClass: 8 });
  const as = (inputs: Inputs, shape: number[]) => ({ ...inputs, shape });
  return { ...data, source: as(data.source, [2, 4, 4]), target: as(data.target, [8, 4]) };
}

describe.each(NETWORKS)('CROMA with the network %s over tokens', (network) => {
  const settings = {
    ...{ ...defaultSettings, network, ways: 2, shots: [1], queries: 2, testTasks: 1, validationClasses: 0 },
    ...{ iterations: 3, innerSteps: 2, adaptationSteps: 2, innerBatch: 4, alignmentBatch: 6 },
  };

  test('trains every layer, leaves no tensor behind, and resumes to the same numbers', async () => {
    const episodes = planEpisodes(tokens(), settings);
    const trainer = new Trainer('croma', { episodes, settings });
    const before = (await trainer.checkpoint()).weights;
    await trainer.step();
    const tensors = tf.memory().numTensors;
    const middle = structuredClone(await trainer.checkpoint());
    await trainer.step();
    await trainer.step();
    for await (const { accuracy } of trainer.test((await trainer.selected()).weights, episodes.testTasks, 1)) {
      expect(accuracy).toBeGreaterThanOrEqual(0);
    }
    expect(tf.memory().numTensors).toBe(tensors);
    const after = (await trainer.checkpoint()).weights;
    let at = 0;
    for (const { name, shape } of dualNetwork(episodes, settings).layout.parameters) {
      const end = at + shape.reduce((product, length) => product * length, 1);
      expect(Buffer.compare(bytes(after, at, end), bytes(before, at, end)), name).not.toBe(0);
      at = end;
    }
    const resumed = new Trainer('croma', { episodes, settings }, middle);
    while (resumed.iteration < resumed.total) await resumed.step();
    expect(Buffer.compare(bytes((await resumed.checkpoint()).weights), bytes(after))).toBe(0);
    trainer.dispose();
    resumed.dispose();
  });
});

describe.each(NETWORKS.filter(takesShorter))('sequences that are cut where padding begins', (network) => {
  test(`have the embeddings and the gradients that the whole ones have with the network ${network}`, () => {
    const module = encoder('e', [16, 4], network);
    const layout = new Layout(module.parameters);
    const random = Random.of(1);
    const kept = Array.from({ length: 3 * 8 * 4 }, (_, at) => (at >= 5 * 4 && at < 8 * 4 ? 0 : random.normal()));
    const [weights, slope] = [layout.initialise(random), Array.from({ length: 3 * 64 }, () => random.normal())];
    const computed = (padding: number) =>
      tf.tidy(() => {
        const margins: [number, number][] = [
          [0, 0],
          [0, padding],
          [0, 0],
        ];
        const items = tf.pad(tf.tensor3d(kept, [3, 8, 4]), margins);
        const loss = (at: tf.Tensor) =>
          tf.sum(tf.mul(module.apply(layout.cut(at as tf.Tensor1D), items), tf.tensor2d(slope, [3, 64])));
        const embeddings = module.apply(layout.cut(tf.tensor1d(weights)), items);
        return [embeddings, tf.grad(loss)(tf.tensor1d(weights))].map((tensor) => [...tensor.dataSync()]);
      });
    const [cut, whole] = [computed(0), computed(8)];
    for (const [at, values] of whole.entries()) {
      const largest = Math.max(...values.map(Math.abs));
      expect(largest).toBeGreaterThan(0);
      for (const [i, value] of values.entries()) {
        expect(Math.abs((cut[at]?.[i] ?? Number.NaN) - value)).toBeLessThan(1e-5 * largest);
      }
    }
  });
});

test('methods take captions of different lengths, and the autoencoder makes whole ones of them', async () => {
  const data = concepts({ classes: 10, itemsPerClass: 8 });
  // The 32 numbers of a concept as two to eight tokens of 4, and padding up to 16.
  const captions = (inputs: Inputs): Inputs => {
    const gather = (rows: readonly number[]): Float32Array =>
      Float32Array.from(
        rows.flatMap((row) => {
          const length = 4 * (2 + (row % 7));
          return [...inputs.gather([row]).subarray(0, length), ...new Array(64 - length).fill(0)];
        }),
      );
    return { ...inputs, shape: [16, 4], gather, read: async (rows) => gather(rows) };
  };
  const settings: Settings = {
    ...{
      ...defaultSettings,
      network: 'transformer',
      ways: 2,
      shots: [1],
      queries: 2,
      testTasks: 1,
      validationClasses: 0,
    },
    ...{ iterations: 2, innerSteps: 2, adaptationSteps: 2, innerBatch: 4, alignmentBatch: 6 },
  };
  for (const name of [
    'croma',
    'autoencoder',
    'prototypes',
    'contrastive',
    'robust-contrastive',
    'mona',
    'orca-otdd',
  ] as const) {
    const episodes = planEpisodes({ ...data, target: captions(data.target) }, settings);
    const trainer = new Trainer(name, { episodes, settings });
    while (trainer.iteration < trainer.total) await trainer.step();
    for await (const { accuracy } of trainer.test((await trainer.selected()).weights, episodes.testTasks, 1)) {
      expect(accuracy).toBeGreaterThanOrEqual(0);
    }
    trainer.dispose();
  }
});

function bytes(weights: Float32Array, from = 0, to = weights.length): Buffer {
  return Buffer.from(weights.slice(from, to).buffer);
}
